package dev.changeover.benchmarks.micro;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * What JMH measured of one benchmark.
 *
 * @param nanos the median of the iterations, or of the samples where single calls were measured
 * @param best the best iteration, or NaN where single calls were measured
 * @param bytes what a call allocates, on all threads
 */
record Score(double nanos, double best, double bytes) {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** Returns the scores by {@code Class.method}. */
    static Map<String, Score> of(Collection<RunResult> results) {
        Map<String, Score> scores = new TreeMap<>();
        for (RunResult result : results) {
            String[] name = result.getParams().getBenchmark().split("\\.");
            Statistics statistics = result.getPrimaryResult().getStatistics();
            boolean single = result.getParams().getMode() == Mode.SampleTime;
            double best = single ? Double.NaN : statistics.getMin();
            scores.put(
                    name[name.length - 2] + "." + name[name.length - 1],
                    new Score(statistics.getPercentile(50), best, bytes(result)));
        }
        return scores;
    }

    private static double bytes(RunResult result) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(each -> each.getKey().endsWith(ALLOCATED))
                .mapToDouble(each -> each.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
    }

    Score over(Score floor) {
        return new Score(nanos - floor.nanos, best - floor.best, bytes - floor.bytes);
    }
}
