package dev.changeover.core.internal;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.BackfillProgress.Remaining;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.internal.KeyRanges.Totals;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far a job is, one worker at a time. How well the rate is known is seen from how much it varied from one
 * moment to the next.
 */
final class ProgressMeter {

    private static final long WINDOW_NANOS = 200_000_000L;
    private static final int WINDOWS = 50;
    private static final int FEWEST_WINDOWS = 4;

    private final String repository;
    private final String job;
    private final long estimated;
    private final ChangeoverListener listener;
    private final Consumer<BackfillProgress> progress;
    private final LongSupplier nanos;
    private final Deque<Double> rates = new ArrayDeque<>();
    private long startRows = -1;
    private long startAt;
    private long windowRows;
    private long windowAt;
    private @Nullable BackfillProgress told;

    ProgressMeter(
            String repository,
            String job,
            long estimated,
            ChangeoverListener listener,
            Consumer<BackfillProgress> progress,
            LongSupplier nanos) {
        this.repository = repository;
        this.job = job;
        this.estimated = estimated;
        this.listener = listener;
        this.progress = progress;
        this.nanos = nanos;
    }

    /**
     * Tells it. Workers may come in another order than that of their transactions; nobody sees a job go backwards.
     *
     * @param held why it waits, or null
     */
    synchronized void tell(Totals totals, @Nullable String held) {
        BackfillProgress last = told;
        if (last != null && (last.finished() || totals.rows() < last.rows())) {
            return;
        }
        measure(totals.rows());
        BackfillProgress now = progress(totals, held);
        told = now;
        listener.copied(now, job);
        progress.accept(now);
    }

    /** Returns what was told last. */
    synchronized @Nullable BackfillProgress told() {
        return told;
    }

    /** What the first chunk waited for says nothing of the rate. */
    private void measure(long rows) {
        long now = nanos.getAsLong();
        if (startRows < 0) {
            startRows = rows;
            startAt = now;
            windowRows = rows;
            windowAt = now;
        } else if (now - windowAt >= WINDOW_NANOS) {
            rates.add((rows - windowRows) * 1e9 / (now - windowAt));
            if (rates.size() > WINDOWS) {
                rates.remove();
            }
            windowRows = rows;
            windowAt = now;
        }
    }

    private BackfillProgress progress(Totals totals, @Nullable String held) {
        long rows = totals.rows();
        long total = totals.finished() ? rows : Math.max(estimated, rows);
        double rate = (rows - startRows) * 1e9 / Math.max(1, nanos.getAsLong() - startAt);
        return new BackfillProgress(
                repository,
                rows,
                total,
                totals.skipped(),
                totals.parked(),
                totals.workers(),
                rate,
                totals.finished()
                        ? new Remaining(Duration.ZERO, Duration.ZERO, Duration.ZERO)
                        : remaining(total - rows),
                held,
                totals.finished());
    }

    /** From the mean of the last windows and twice its standard error. */
    private @Nullable Remaining remaining(long left) {
        int n = rates.size();
        double mean = rates.stream().mapToDouble(r -> r).average().orElse(0);
        if (n < FEWEST_WINDOWS || mean <= 0) {
            return null;
        }
        double squares =
                rates.stream().mapToDouble(r -> (r - mean) * (r - mean)).sum();
        double error = 2 * Math.sqrt(squares / (n - 1) / n);
        return new Remaining(
                after(left, mean + error), after(left, mean), after(left, Math.max(mean / 10, mean - error)));
    }

    private static Duration after(long rows, double rate) {
        return Duration.ofMillis((long) (rows * 1000 / rate));
    }
}
