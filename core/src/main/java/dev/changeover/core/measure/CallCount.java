package dev.changeover.core.measure;

import dev.changeover.core.Side;

/**
 * What one side served of one operation.
 *
 * @param repository the repository
 * @param operation the operation
 * @param side the side
 * @param failures how many calls threw
 * @param nanos how long all of them took together
 * @param latencies how many calls took how long
 * @param followed of writes that this side led, how many waited how long for the other side's part
 */
public record CallCount(
        String repository,
        String operation,
        Side side,
        long failures,
        long nanos,
        Latencies latencies,
        Latencies followed) {

    /** Returns how many calls there were. */
    public long calls() {
        return latencies.calls();
    }

    /** Returns the share of the calls that failed; 0 if there were none. */
    public double failureRate() {
        return calls() == 0 ? 0 : (double) failures / calls();
    }

    CallCount minus(CallCount earlier) {
        return new CallCount(
                repository,
                operation,
                side,
                failures - earlier.failures,
                nanos - earlier.nanos,
                latencies.minus(earlier.latencies),
                followed.minus(earlier.followed));
    }
}
