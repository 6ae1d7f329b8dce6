package dev.changeover.benchmarks.bulk;

import dev.changeover.benchmarks.Goal;
import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.Table;
import dev.changeover.core.Backfill;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What callers feel of a backfill: they read and write at a steady rate, the backfill runs in every other window and pauses
 * in the one after it, and the p50 of two neighbours are divided.
 */
final class LiveTraffic implements AutoCloseable {

    private static final int CALLERS = 2;
    private static final long PACE_NANOS = 4_000_000;
    private static final long WINDOW_MILLIS = 1_000;
    private static final Goal MOST = new Goal(1.25);

    private final Transition transition;
    private final Pace pace;
    private final long rows;
    private final List<Thread> callers = new ArrayList<>();
    private final Queue<Long> reads = new ConcurrentLinkedQueue<>();
    private final Queue<Long> writes = new ConcurrentLinkedQueue<>();
    private volatile Throwable failure;
    private volatile boolean stopped;

    /** How hard the backfill works. */
    enum Pace {
        DEFAULT("at its default settings"),
        HURRIED("with two workers that do not rest");

        private final String title;

        Pace(String title) {
            this.title = title;
        }

        private Backfill of(Backfill backfill) {
            return this == DEFAULT ? backfill : backfill.workers(2).niceRatio(0);
        }
    }

    private LiveTraffic(Transition transition, Pace pace, long rows) {
        this.transition = transition;
        this.pace = pace;
        this.rows = rows;
    }

    /**
     * Measures so many pairs of windows, or fewer if the backfill is over before.
     *
     * @param slowly whether a small table has to last for all of them
     */
    static void run(Tables tables, Pace pace, int pairs, boolean slowly, Table table) throws Exception {
        tables.empty();
        try (Transition transition = Transition.open(tables.pool(), true);
                LiveTraffic traffic = new LiveTraffic(transition, pace, tables.rows())) {
            if (slowly) {
                transition.limit(tables.rows() / (2.0 * pairs));
            }
            traffic.measure(pairs, table);
        }
    }

    private void measure(int pairs, Table table) throws Exception {
        for (int i = 0; i < CALLERS; i++) {
            int number = i;
            callers.add(new Thread(() -> call(number), "caller " + i));
        }
        callers.forEach(Thread::start);
        transition.pause();
        Thread backfill = new Thread(() -> pace.of(transition.backfill()).run(progress -> {}), "backfill");
        backfill.start();
        List<double[]> readRatios = new ArrayList<>();
        List<double[]> writeRatios = new ArrayList<>();
        window();
        for (int pair = 0; pair < pairs; pair++) {
            double[] without = window();
            transition.resume();
            double[] with = window();
            if (!backfill.isAlive()) {
                break;
            }
            transition.pause();
            readRatios.add(new double[] {with[0] / without[0], without[0]});
            writeRatios.add(new double[] {with[1] / without[1], without[1]});
        }
        transition.resume();
        backfill.join();
        if (failure != null) {
            throw new IllegalStateException("a caller failed", failure);
        }
        row(table, "read by key", readRatios);
        row(table, "routed write", writeRatios);
    }

    private void row(Table table, String what, List<double[]> pairs) {
        double[] ratios = pairs.stream().mapToDouble(pair -> pair[0]).toArray();
        double[] alone = pairs.stream().mapToDouble(pair -> pair[1]).toArray();
        Samples.Interval ratio = Samples.Interval.of(ratios);
        table.row(
                what,
                pace.title,
                String.format(Locale.ROOT, "%.2f ms", Samples.median(alone) / 1e6),
                ratio,
                pairs.size(),
                pace == Pace.DEFAULT ? "upper bound ≤ " + MOST.most() : "",
                pace == Pace.DEFAULT ? verdict(ratio) : "");
    }

    private static String verdict(Samples.Interval ratio) {
        return ratio.high() <= MOST.most() ? "met" : "missed";
    }

    /** Returns the p50 of reads and of writes of the next second, in nanoseconds. */
    private double[] window() throws InterruptedException {
        reads.clear();
        writes.clear();
        TimeUnit.MILLISECONDS.sleep(WINDOW_MILLIS);
        return new double[] {median(reads), median(writes)};
    }

    private static double median(Queue<Long> nanos) {
        return Samples.median(
                List.copyOf(nanos).stream().mapToLong(Long::longValue).toArray());
    }

    private void call(int number) {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(number);
        Meetings meetings = transition.meetings();
        try {
            for (long turn = 0; !stopped; turn++) {
                UUID id = id(1 + random.nextLong(rows));
                String title = "renamed " + turn;
                boolean write = turn % 2 == 0;
                long start = System.nanoTime();
                if (write) {
                    meetings.rename(id, title);
                } else {
                    meetings.title(id);
                }
                (write ? writes : reads).add(System.nanoTime() - start);
                LockSupport.parkNanos(PACE_NANOS);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /** As {@code md5(i::text)::uuid} on the server. */
    private static UUID id(long number) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("MD5")
                    .digest(String.valueOf(number).getBytes(StandardCharsets.US_ASCII)));
            return new UUID(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread caller : callers) {
            caller.join();
        }
    }
}
