package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.database.Contender.Operation;
import dev.changeover.benchmarks.database.StatementWatch.Trip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Which statements an operation consists of, and what each of them takes. */
final class StatementProfile {

    private static final Pattern TABLE = Pattern.compile("\\w+_(old|new)\"?\\.\"?account");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int MOST = 110;
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<List<Trip>> calls;

    StatementProfile(List<List<Trip>> calls) {
        this.calls = calls;
    }

    static List<List<Trip>> watch(
            Contender contender, Operation operation, int warmUp, int counted, StatementWatch watch) throws Exception {
        List<List<Trip>> calls = new ArrayList<>();
        // rows that the stand has for certain
        Work work = new Work(operation, Stand.FEW_ROWS);
        for (int i = 0; i < warmUp + counted; i++) {
            watch.take();
            contender.run(operation, work.next());
            if (i >= warmUp) {
                calls.add(watch.take());
            }
        }
        return calls;
    }

    /** Returns how many statements of a call name a table of the contender. */
    int onTables() {
        return (int) calls.get(0).stream()
                .filter(trip -> TABLE.matcher(trip.sql()).find())
                .count();
    }

    /** Returns the median of the sums. */
    double millis() {
        return Samples.median(calls.stream()
                        .mapToDouble(
                                call -> call.stream().mapToLong(Trip::nanos).sum())
                        .toArray())
                / NANOS_PER_MILLI;
    }

    /** Returns the statements in their order, with the median of each. */
    Map<String, Double> lines() {
        Map<String, Double> lines = new LinkedHashMap<>();
        for (int i = 0; i < calls.get(0).size(); i++) {
            int place = i;
            double nanos = Samples.median(calls.stream()
                    .filter(call -> call.size() > place)
                    .mapToDouble(call -> call.get(place).nanos())
                    .toArray());
            lines.put((i + 1) + ". `" + brief(calls.get(0).get(i).sql()) + "`", nanos / NANOS_PER_MILLI);
        }
        return lines;
    }

    private static String brief(String sql) {
        String line = BLANKS.matcher(sql).replaceAll(" ").strip().replace('|', '¦');
        return line.length() <= MOST ? line : line.substring(0, MOST) + " …";
    }
}
