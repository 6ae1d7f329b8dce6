package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.internal.KeyRanges.Totals;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One worker of a job: takes a range, copies it chunk by chunk, takes the next, until all ranges are done. */
final class CopyWorker<K> {

    /** A range is as long as so many of the largest chunks. */
    private static final int CHUNKS_OF_A_RANGE = 20;

    private static final long LOOK_MILLIS = 20;

    private final ChunkJob<K> job;
    private final CopyTask<K> task;
    private final KeyRanges ranges;
    private final ChunkSize size;

    CopyWorker(ChunkJob<K> job) {
        this.job = job;
        this.task = job.task();
        this.ranges = job.ranges();
        this.size = job.newSize();
    }

    void run() throws SQLException {
        Totals totals = ranges.totals();
        while (!totals.finished() && !job.over()) {
            totals = job.awaitPace(totals);
            Optional<KeyRange> taken = job.over() ? Optional.empty() : task.retrying(ranges::take);
            if (taken.isPresent()) {
                totals = copyRange(taken.get(), totals);
            } else {
                job.requireUninterrupted();
                Pauses.millis(LOOK_MILLIS);
                totals = task.retrying(ranges::totals);
            }
        }
        job.tell(totals, null);
    }

    /** Copies a range until it is done, is lost, or has to be left for a while. */
    private Totals copyRange(KeyRange taken, Totals before) throws SQLException {
        Totals totals = before;
        try {
            Optional<KeyRange> range = cut(taken);
            boolean more = range.isPresent();
            while (more && !job.over()) {
                long start = System.nanoTime();
                Copied copied = copyChunk(range.get(), totals);
                if (copied == null) {
                    return task.retrying(ranges::totals);
                }
                totals = copied.totals();
                more = !copied.chunk().last();
                size.took(copied.chunk().rows(), System.nanoTime() - start);
                job.told(totals);
                more = more && job.keepPace(range.get(), totals, copied.chunk().rows(), start);
            }
            return totals;
        } finally {
            release(taken);
        }
    }

    /** A range that was not done is free for others at once; if that cannot be said, it is when the lease has run out. */
    private void release(KeyRange range) {
        boolean interrupted = Thread.interrupted();
        try {
            ranges.release(range);
        } catch (SQLException e) {
            job.listener()
                    .backgroundFailed(task.name() + ": a range of the " + task.jobName() + " waits for its lease", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives the last range an end, so that others can begin behind it; none if somebody else has it by now. */
    private Optional<KeyRange> cut(KeyRange range) throws SQLException {
        if (range.toKey() != null) {
            job.callOthers();
            return Optional.of(range);
        }
        int keys = CHUNKS_OF_A_RANGE * job.mostOfAChunk();
        Optional<KeyRange> cut = task.inTransaction(connection -> {
            String toKey = task.keyBehind(connection, range, keys);
            if (toKey == null) {
                return Optional.of(range);
            }
            return ranges.cut(connection, range, toKey) ? Optional.of(range.upTo(toKey)) : Optional.empty();
        });
        if (cut.isPresent() && cut.get().toKey() != null) {
            job.callOthers();
        }
        return cut;
    }

    /** What became of a chunk, and of the job with it. */
    private record Copied(Chunk chunk, Totals totals) {}

    /** Copies one chunk; null if the range belongs to another worker by now. */
    private @Nullable Copied copyChunk(KeyRange range, Totals totals) throws SQLException {
        int limit = size.next(job.mostKeys(totals));
        try {
            return task.inTransaction(connection -> {
                KeyRange held = ranges.hold(connection, range).orElseThrow(RangeLost::new);
                Chunk chunk = task.copyNext(connection, held, limit);
                return new Copied(chunk, ranges.advance(connection, held, chunk));
            });
        } catch (RangeLost e) {
            return null;
        } catch (SQLException e) {
            throw new ChangeoverException(
                    task.name() + ": the " + task.jobName() + " stopped (" + Redacted.message(e)
                            + "); what was committed stays, run it again to go on",
                    e);
        }
    }

    /** The lease ran out and another worker came; nothing of the chunk stays. */
    private static final class RangeLost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
