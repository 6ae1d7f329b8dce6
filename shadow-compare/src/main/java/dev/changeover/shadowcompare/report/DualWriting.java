package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Calls.Served;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * That both sides are written, until it is over.
 *
 * @param since since when
 * @param writes how many writes were done twice, as far as measured; null if none was measured
 * @param authority how long the authority's part of these writes took, or null if that was not measured
 * @param follower how long callers waited for the follower's part, or null if that was not measured
 */
public record DualWriting(
        Instant since,
        @Nullable Long writes,
        @Nullable Served authority,
        @Nullable Served follower) {

    static @Nullable DualWriting of(@Nullable Instant since, @Nullable Long writes, long[] authority, long[] follower) {
        return since == null ? null : new DualWriting(since, writes, served(authority), served(follower));
    }

    private static @Nullable Served served(long[] buckets) {
        long calls = Arrays.stream(buckets).sum();
        return calls == 0
                ? null
                : new Served(
                        calls,
                        0,
                        Buckets.millis(buckets, 0.5),
                        Buckets.millis(buckets, 0.95),
                        Buckets.millis(buckets, 0.99));
    }

    String shown(Instant now) {
        String twice = writes == null
                ? "how many writes were done twice was not measured"
                : Words.count(writes, "write") + " done twice, as far as measured";
        return "Both sides are written since " + Words.moment(since) + " UTC, for "
                + Words.span(Duration.between(since, now)) + "; " + twice + cost() + ".";
    }

    private String cost() {
        Served led = authority;
        Served also = follower;
        return led == null || also == null
                ? ""
                : ". Callers waited " + shown(also) + " for the follower, beside " + shown(led)
                        + " for the authority (p50 / p95)";
    }

    private static String shown(Served served) {
        return Words.plainMillis(served.p50()) + " / " + Words.millis(served.p95());
    }
}
