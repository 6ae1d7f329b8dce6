package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.ds.PGSimpleDataSource;

/** A process in which everything differs: it offers differences as fast as it can, at 20,000 paths, with huge values. */
final class Storm {
    private static final int PATHS = 20_000;
    private static final int THREADS = 2;

    private Storm() {}

    /** Takes the URL of the database and the seconds that it lasts. */
    public static void main(String[] arguments) throws Exception {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(arguments[0]);
        BufferedDivergenceLog buffered = BufferedDivergenceLog.before(new JdbcDivergenceLog(source));
        DivergenceLog log = new LoggingDivergenceLog().and(buffered);
        String[] values = {"<".repeat(1_000_000), "\u0000".repeat(1_000_000), "short"};
        log.add(List.of(difference(0, 0, values)));
        AtomicLong offered = new AtomicLong(1);
        long before = heap();
        long start = System.nanoTime();
        long until = start + Long.parseLong(arguments[1]) * 1_000_000_000L;

        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.add(new Thread(() -> offered.addAndGet(blow(log, thread, until, values))));
        }
        threads.forEach(Thread::start);
        for (Thread each : threads) {
            each.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long kept = heap() - before;
        buffered.close();
        System.out.printf(
                Locale.ROOT,
                "STORM offered=%d waiting=%d kept=%d rate=%.0f%n",
                offered.get(),
                buffered.waiting(),
                Math.max(0, kept),
                offered.get() / seconds);
    }

    private static long blow(DivergenceLog log, int thread, long until, String[] values) {
        long n = 0;
        while (System.nanoTime() < until) {
            log.add(List.of(difference(thread, n++, values)));
        }
        return n;
    }

    private static Divergence difference(int thread, long n, String[] values) {
        String value = values[(int) (n % values.length)];
        Difference difference = new Difference("field" + n % PATHS, Kind.VALUE, value, "b");
        return new Divergence("items", "find", thread + "-" + n, difference, 4, Instant.now());
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
