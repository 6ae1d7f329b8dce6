package dev.changeover.core.gate;

import dev.changeover.core.ConfigurationException;
import java.time.Duration;

/**
 * How much worse than legacy new may be before a {@link Guard} steps back.
 *
 * @param errors the share of calls that new may fail above what legacy fails, such as 0.01
 * @param latency how many times legacy's p95 new's may be, such as 2
 * @param divergences how many divergences may be confirmed since the last move or percentage
 * @param window for how long calls are counted before they are judged
 * @param calls how many calls of new a window needs to be judged
 * @param breaches how many windows in a row have to break the budget
 * @param probation for how long after a move or a percentage the guard acts; later it only watches
 */
public record Budget(
        double errors,
        double latency,
        long divergences,
        Duration window,
        long calls,
        int breaches,
        Duration probation) {

    /** One in a hundred, twice the latency, no divergence; two windows of 10 s with 100 calls each; for a day. */
    public static final Budget DEFAULTS = new Budget(0.01, 2, 0, Duration.ofSeconds(10), 100, 2, Duration.ofDays(1));

    /** Checks the limits. */
    public Budget {
        require(errors >= 0 && errors <= 1, "errors", "a share from 0 to 1");
        require(latency >= 1, "latency", "at least 1");
        require(divergences >= 0, "divergences", "0 or more");
        require(!window.isNegative() && window.toMillis() >= 10, "window", "at least 10 ms");
        require(calls > 0, "calls", "at least 1");
        require(breaches > 0, "breaches", "at least 1");
        require(!probation.isNegative() && !probation.isZero(), "probation", "a positive duration");
    }

    /** Returns this budget with another length and size of its windows. */
    public Budget withWindow(Duration length, long callsNeeded) {
        return new Budget(errors, latency, divergences, length, callsNeeded, breaches, probation);
    }

    /** Returns this budget with another share of errors. */
    public Budget withErrors(double share) {
        return new Budget(share, latency, divergences, window, calls, breaches, probation);
    }

    /** Returns this budget with another ratio of latencies. */
    public Budget withLatency(double ratio) {
        return new Budget(errors, ratio, divergences, window, calls, breaches, probation);
    }

    /** Returns this budget with another number of divergences. */
    public Budget withDivergences(long most) {
        return new Budget(errors, latency, most, window, calls, breaches, probation);
    }

    /** Returns this budget with another time of probation. */
    public Budget withProbation(Duration time) {
        return new Budget(errors, latency, divergences, window, calls, breaches, time);
    }

    private static void require(boolean right, String setting, String remedy) {
        if (!right) {
            throw new ConfigurationException("guard." + setting, "out of range", "Give " + remedy);
        }
    }
}
