package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.Table;
import dev.changeover.benchmarks.database.Contender.Operation;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** How long writers stand still while the authority moves, back and forth, under load. */
final class FlipStall {

    private static final int WRITERS = 4;
    private static final long BETWEEN_MILLIS = 300;
    private static final double MEDIAN_GOAL = 20;
    private static final double MOST_GOAL = 250;
    private static final double NANOS_PER_MILLI = 1e6;

    /** One write: when it began and ended. */
    private record Written(long start, long end) {}

    private final Routed routed;
    private final long rows;
    private final Queue<Written> writes = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    private FlipStall(Routed routed, long rows) {
        this.routed = routed;
        this.rows = rows;
    }

    static void run(Stand stand, int flips, Table table) throws Exception {
        Schemas schemas = stand.schemas("flips");
        try (Routed routed = Routed.open(Follower.STATE.named("flips"), stand, schemas, WRITERS, Settings.DEFAULTS)) {
            routed.readyToFlip();
            FlipStall stall = new FlipStall(routed, stand.rows());
            stall.measure(flips, table);
            routed.changeover().drain().awaitEmpty(routed.name(), java.time.Duration.ofSeconds(30));
            if (schemas.different(stand.database()) > 0) {
                throw new IllegalStateException("The sides differ after the flips");
            }
        }
    }

    private void measure(int flips, Table table) throws Exception {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            Thread writer = new Thread(() -> write(number), "writer " + i);
            writer.start();
            writers.add(writer);
        }
        double[] stalls = new double[flips];
        double[] moves = new double[flips];
        try {
            for (int flip = 0; flip < flips; flip++) {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
                long start = System.nanoTime();
                routed.move(flip % 2 == 0 ? Stage.NEW_PRIMARY : Stage.RAMP);
                long end = System.nanoTime();
                TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
                moves[flip] = (end - start) / NANOS_PER_MILLI;
                stalls[flip] = longest(start, end) / NANOS_PER_MILLI;
            }
        } finally {
            stopped = true;
            for (Thread writer : writers) {
                writer.join();
            }
        }
        tell(flips, table, stalls, moves);
    }

    private void tell(int flips, Table table, double[] stalls, double[] moves) {
        double median = Samples.median(stalls);
        double most = java.util.Arrays.stream(stalls).max().orElse(0);
        double usual = Samples.median(writes.stream()
                        .mapToLong(written -> written.end - written.start)
                        .toArray())
                / NANOS_PER_MILLI;
        table.row(
                "longest write during a flip, %d flips under %d writers (p50 of all writes %.1f ms)"
                        .formatted(flips, WRITERS, usual),
                String.format(Locale.ROOT, "p50 %.0f ms, max %.0f ms", median, most),
                "p50 < 20 ms, max < 250 ms",
                (median < MEDIAN_GOAL ? "met" : "missed") + ", " + (most < MOST_GOAL ? "met" : "missed"));
        table.row("errors of callers during these flips", errors.size(), "0", errors.isEmpty() ? "met" : "missed");
        table.row(
                "a flip as its caller sees it",
                String.format(Locale.ROOT, "p50 %.0f ms", Samples.median(moves)),
                "",
                "");
        table.row("writes that ended as marks", routed.marks() + " of " + writes.size(), "", "");
        errors.stream().limit(3).forEach(Throwable::printStackTrace);
    }

    /** Each writer has rows of its own: what is measured is the fence, not the row locks. */
    private void write(int number) {
        for (long turn = 0; !stopped; turn++) {
            long id = 1 + (turn * WRITERS + number) % (rows / WRITERS * WRITERS);
            long start = System.nanoTime();
            try {
                routed.run(Operation.UPDATE, new Account(id, "account " + id, turn, "open"));
            } catch (RuntimeException | Error e) {
                errors.add(e);
            }
            writes.add(new Written(start, System.nanoTime()));
        }
    }

    private long longest(long start, long end) {
        return writes.stream()
                .filter(written -> written.end - start > 0 && end - written.start > 0)
                .mapToLong(written -> written.end - written.start)
                .max()
                .orElse(0);
    }
}
