package dev.changeover.core.internal;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Side;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A job over all keys of a repository, a chunk a transaction, with its checkpoint in the transaction of the chunk. */
final class ChunkJob {

    /** One chunk's work: returns the checkpoint after it; a finished one ends the job. */
    @FunctionalInterface
    interface Chunk {
        Checkpoint copy(Connection connection, CopyTransaction copy, Checkpoint from) throws SQLException;
    }

    private final String name;
    private final String job;
    private final DataSource dataSource;
    private final ChangeoverListener listener;
    private final Supplier<RepositoryState> state;
    private final DoubleSupplier rowsPerSecond;
    private final Statistics statistics;
    private final boolean dry;

    ChunkJob(
            String name,
            String job,
            DataSource dataSource,
            ChangeoverListener listener,
            Supplier<RepositoryState> state,
            DoubleSupplier rowsPerSecond,
            Statistics statistics,
            boolean dry) {
        this.name = name;
        this.job = job;
        this.dataSource = dataSource;
        this.listener = listener;
        this.state = state;
        this.rowsPerSecond = rowsPerSecond;
        this.statistics = statistics;
        this.dry = dry;
    }

    /** Runs until it is finished or this thread is interrupted; the next run goes on where this one ended. */
    BackfillProgress run(Side follower, long total, Chunk chunk, Consumer<BackfillProgress> progress) {
        RepositoryState begun = state.get();
        long start = System.nanoTime();
        long startRows = -1;
        Checkpoint at = null;
        while (true) {
            at = copyChunk(begun, follower, chunk, dry ? at : null);
            if (startRows < 0) { // what the first chunk waited for says nothing of the rate
                startRows = at.rows();
                start = System.nanoTime();
            }
            BackfillProgress now = progress(at, total, startRows, System.nanoTime() - start);
            listener.copied(name, job, now.rows(), now.total(), now.rowsPerSecond());
            progress.accept(now);
            if (!dry) {
                statistics.handled(at.rows(), at.finished());
            }
            if (at.finished()) {
                return now;
            }
            pace(at.rows() - startRows, start);
        }
    }

    /**
     * @param kept where the chunk before ended, if it was taken back
     */
    private Checkpoint copyChunk(RepositoryState begun, Side follower, Chunk chunk, @Nullable Checkpoint kept) {
        for (int attempt = 1; ; attempt++) {
            try {
                return SqlTransaction.readCommitted(dataSource, connection -> {
                    CopyTransaction copy =
                            CopyTransaction.enter(connection, begun.number(), follower, begun.epoch(), 500);
                    Checkpoint from = from(Checkpoint.lock(connection, begun.number(), job, begun.epoch()), kept);
                    Checkpoint to = from.finished() ? from : chunk.copy(connection, copy, from);
                    if (dry) {
                        connection.rollback();
                    } else {
                        to.write(connection, begun.number(), job);
                    }
                    return to;
                });
            } catch (SQLException e) {
                if (attempt >= 20 || !passing(e)) {
                    throw new ChangeoverException(
                            name + ": the " + job.toLowerCase(java.util.Locale.ROOT)
                                    + " stopped (" + Redacted.message(e)
                                    + "); what was committed stays, run it again to go on",
                            e);
                }
                Pauses.millis(20L * attempt);
            }
        }
    }

    /** A reseed that has finished begins anew, whose checkpoint a dry run must not forget. */
    private Checkpoint from(Checkpoint stored, @Nullable Checkpoint kept) {
        if (kept != null) {
            return kept;
        }
        boolean anew = dry && job.equals("RESEED") && stored.finished();
        return anew ? new Checkpoint(null, 0, 0, 0, false) : stored;
    }

    /** Lock waits and deadlocks pass; a changed epoch or a broken mapping does not. */
    private static boolean passing(SQLException e) {
        String code = String.valueOf(e.getSQLState());
        return code.equals("55P03") || code.startsWith("40");
    }

    private BackfillProgress progress(Checkpoint at, long total, long startRows, long nanos) {
        double rate = (at.rows() - startRows) * 1e9 / Math.max(1, nanos);
        long known = Math.max(total, at.rows());
        return new BackfillProgress(
                name,
                at.rows(),
                at.finished() ? at.rows() : known,
                at.skipped(),
                at.parked(),
                rate,
                remaining(known - at.rows(), rate),
                at.finished());
    }

    private static @Nullable Duration remaining(long rows, double rate) {
        return rate <= 0 ? null : Duration.ofMillis((long) (rows * 1000 / rate));
    }

    private void pace(long rows, long start) {
        double limit = rowsPerSecond.getAsDouble();
        if (limit > 0 && limit < Double.MAX_VALUE) {
            long due = (long) (rows * 1e9 / limit);
            long early = due - (System.nanoTime() - start);
            if (early > 0) {
                Pauses.millis(early / 1_000_000);
            }
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new ChangeoverException(name + ": the job was interrupted; run it again to go on");
        }
    }
}
