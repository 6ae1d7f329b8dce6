package dev.changeover.core.internal;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Settings;
import dev.changeover.core.internal.KeyRanges.Totals;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** One worker that takes every chunk back and so remembers by itself where it is. */
final class DryCopy<K> {

    private final CopyTask<K> task;
    private final Settings settings;
    private final int locks;
    private final ProgressMeter meter;
    private Totals totals;

    DryCopy(CopyTask<K> task, Settings settings, int locks, ProgressMeter meter, Totals before) {
        this.task = task;
        this.settings = settings;
        this.locks = locks;
        this.meter = meter;
        this.totals = before;
    }

    BackfillProgress run(List<KeyRange> left) throws SQLException {
        for (KeyRange range : left) {
            copy(range);
        }
        meter.tell(new Totals(totals.rows(), totals.skipped(), totals.parked(), true, 1, null, Double.MAX_VALUE), null);
        return Objects.requireNonNull(meter.told());
    }

    private void copy(KeyRange range) throws SQLException {
        ChunkSize size = new ChunkSize(settings.leastChunk(), settings.chunk(), settings.chunkTime());
        KeyRange at = range;
        for (boolean last = false; !last; ) {
            KeyRange from = at;
            long start = System.nanoTime();
            Chunk chunk = task.inTransaction(connection -> {
                Chunk copied = task.copyNext(connection, from, size.next(Math.min(settings.chunk(), locks)));
                connection.rollback();
                return copied;
            });
            size.took(chunk.rows(), System.nanoTime() - start);
            totals = new Totals(
                    totals.rows() + chunk.rows(),
                    totals.skipped() + chunk.skipped(),
                    totals.parked() + chunk.parked(),
                    false,
                    1,
                    null,
                    Double.MAX_VALUE);
            last = chunk.last();
            String lastKey = chunk.lastKey();
            if (!last && lastKey != null) {
                at = at.at(lastKey);
                meter.tell(totals, null);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new ChangeoverException(task.name() + ": the dry run was interrupted");
            }
        }
    }
}
