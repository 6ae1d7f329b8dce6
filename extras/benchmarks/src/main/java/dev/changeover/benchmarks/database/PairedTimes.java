package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Goal;
import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.Samples.Interval;
import dev.changeover.benchmarks.Table;
import dev.changeover.benchmarks.database.Contender.Operation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times of all contenders on one thread, taken in turns. In a window every contender does the same few operations
 * several times, each time in another order; the p50 of a contender in a window is divided by that of another in the
 * same window, so that what slows the machine for a while slows both.
 */
final class PairedTimes {

    private static final int TURNS = 5;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Goal OVER_NAIVE = new Goal(1.5);
    private static final Goal OVER_TRIGGER = new Goal(2);

    private final int windows;
    private final int operations;
    private final Map<Operation, Map<Contender, double[]>> medians = new EnumMap<>(Operation.class);
    private final Table table = new Table("p50", "insert", "update", "delete", "goal", "");

    private PairedTimes(int windows, int operations) {
        this.windows = windows;
        this.operations = operations;
    }

    /** How many rows must be there to be deleted, for so many windows. */
    static long rows(int windows, int operations) {
        return 2L * (windows + warmUp(windows)) * TURNS * operations + 2;
    }

    /** The compilers need some thousand calls of each contender before they are done. */
    private static int warmUp(int windows) {
        return Math.max(1, windows / 4);
    }

    /** Measures; some windows more come first and are not counted. */
    static PairedTimes run(Stand stand, int windows, int operations) throws Exception {
        PairedTimes times = new PairedTimes(windows, operations);
        try (Contenders contenders = new Contenders(stand)) {
            Map<Operation, Map<Contender, Work>> works = new EnumMap<>(Operation.class);
            for (Operation operation : Operation.values()) {
                Map<Contender, Work> each = new HashMap<>();
                contenders.all().forEach(contender -> each.put(contender, new Work(operation, stand.rows())));
                works.put(operation, each);
            }
            for (int window = -warmUp(windows); window < windows; window++) {
                for (Operation operation : Operation.values()) {
                    times.window(window, operation, contenders.all(), works.get(operation));
                }
            }
            contenders.check();
            times.fill(contenders);
        }
        return times;
    }

    List<String> lines() {
        return table.lines();
    }

    private void window(int window, Operation operation, List<Contender> all, Map<Contender, Work> works)
            throws Exception {
        Map<Contender, List<Long>> samples = new HashMap<>();
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < all.size(); i++) {
                // every other turn the other way round
                int place = turn % 2 == 0 ? i : all.size() - 1 - i;
                Contender contender = all.get((place + Math.max(0, window)) % all.size());
                List<Long> own = samples.computeIfAbsent(contender, key -> new ArrayList<>());
                for (int n = 0; n < operations; n++) {
                    Account account = works.get(contender).next();
                    long start = System.nanoTime();
                    contender.run(operation, account);
                    own.add(System.nanoTime() - start);
                }
            }
        }
        if (window >= 0) {
            samples.forEach((contender, own) -> medians.computeIfAbsent(operation, key -> new HashMap<>())
                            .computeIfAbsent(contender, key -> new double[windows])[window] =
                    Samples.median(own.stream().mapToLong(Long::longValue).toArray()));
        }
    }

    private void fill(Contenders contenders) {
        for (Contender contender : contenders.all()) {
            table.row(
                    contender.title() + ", ms",
                    millis(Operation.INSERT, contender),
                    millis(Operation.UPDATE, contender),
                    millis(Operation.DELETE, contender),
                    "",
                    "");
        }
        ratio("naive dual write over single write", contenders.naive(), contenders.single(), null);
        ratio("copy trigger over single write", contenders.trigger(), contenders.single(), null);
        for (Routed routed : contenders.routed()) {
            boolean judged = routed.judged();
            ratio(
                    "**" + routed.title() + "** over naive dual write",
                    routed,
                    contenders.naive(),
                    judged ? OVER_NAIVE : null);
            ratio("… over copy trigger", routed, contenders.trigger(), judged ? OVER_TRIGGER : null);
            ratio("… over single write", routed, contenders.single(), null);
        }
    }

    private void ratio(String what, Contender one, Contender other, Goal goal) {
        Interval insert = ratio(Operation.INSERT, one, other);
        Interval update = ratio(Operation.UPDATE, one, other);
        Interval delete = ratio(Operation.DELETE, one, other);
        table.row(
                what,
                insert,
                update,
                delete,
                goal == null ? "" : goal.text(""),
                goal == null
                        ? ""
                        : goal.verdict(insert.low(), insert.high()) + ", " + goal.verdict(update.low(), update.high()));
    }

    private Interval ratio(Operation operation, Contender one, Contender other) {
        double[] ratios = new double[windows];
        for (int window = 0; window < windows; window++) {
            ratios[window] = medians.get(operation).get(one)[window]
                    / medians.get(operation).get(other)[window];
        }
        return Interval.of(ratios);
    }

    private String millis(Operation operation, Contender contender) {
        return String.format(
                Locale.ROOT, "%.2f", Samples.median(medians.get(operation).get(contender)) / NANOS_PER_MILLI);
    }
}
