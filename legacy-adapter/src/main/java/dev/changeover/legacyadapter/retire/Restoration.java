package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.SqlTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The way back from a backup: makes legacy tables again that were dropped, or fills those that are there anew. It tells first
 * what would be lost, and runs only when it was told so: rows that are there and not in the backup are given up by their
 * number, and where new leads somebody has to know that the backup lacks what was written since. What new holds is not
 * touched. One transaction, in LEGACY_ONLY or NEW_ONLY; in between a step back loses nothing.
 *
 * <pre>{@code
 * Restoration restoration = Restoration.of(pool, "users", directory);
 * RestorationPlan plan = restoration.plan();
 * System.out.println(plan.script() + plan.refusals());
 * restoration.withoutLaterWrites().run("alice", "we go back to NEW_PRIMARY and reseed legacy");
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Restoration {

    private final DataSource dataSource;
    private final String repository;
    private final Path directory;
    private final long overwriting;
    private final boolean withoutLaterWrites;

    private Restoration(
            DataSource dataSource, String repository, Path directory, long overwriting, boolean withoutLaterWrites) {
        this.dataSource = dataSource;
        this.repository = repository;
        this.directory = directory;
        this.overwriting = overwriting;
        this.withoutLaterWrites = withoutLaterWrites;
    }

    /**
     * Returns the restoration of a backup, which gives up nothing.
     *
     * @param dataSource whose role may make the tables or owns them, and may execute the functions of the control schema
     * @param repository whose backup it has to be
     * @param directory where the backup is
     */
    public static Restoration of(DataSource dataSource, String repository, Path directory) {
        return new Restoration(dataSource, repository, directory, 0, false);
    }

    /**
     * Returns the same that gives up rows which are in the tables and not, or otherwise, in the backup.
     *
     * @param rows how many; if there are others by then it is refused
     */
    public Restoration overwriting(long rows) {
        if (rows < 0) {
            throw new ConfigurationException("restore.overwriting", "it is negative", "Give the number of the plan");
        }
        return new Restoration(dataSource, repository, directory, rows, withoutLaterWrites);
    }

    /** Returns the same that goes on although legacy will lack what was written to new since the backup. */
    public Restoration withoutLaterWrites() {
        return new Restoration(dataSource, repository, directory, overwriting, true);
    }

    /**
     * Returns what would be done and lost. Changes nothing, holds nobody up, and compares all of the backup with itself and
     * with the tables, for which it needs room for a copy.
     *
     * @throws ConfigurationException if the backup is damaged or another repository's, or what is there cannot be filled
     */
    public RestorationPlan plan() {
        BackupReader reader = reader();
        try {
            return SqlTransaction.readCommitted(dataSource, Restore.limited(connection -> {
                RestorationPlan plan = plan(connection, reader);
                connection.rollback();
                return plan;
            }));
        } catch (SQLException e) {
            throw Restore.unreadable(directory, e);
        }
    }

    /**
     * Restores, all of it or nothing.
     *
     * @param actor who asks
     * @param reason why
     * @return what was done
     * @throws MoveRefusedException if more would be lost than was said, the stage does not allow it, or open transactions
     *     hold the tables; nothing was changed then
     */
    public RestorationPlan run(String actor, String reason) {
        BackupReader reader = reader();
        try {
            return new ShortLocks(dataSource, MoveRounds.DEFAULTS)
                    .run(
                            "The restore",
                            reader.manifest().tables().size(),
                            Restore.limited(connection -> run(connection, reader, actor, reason)));
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("CO")) {
                throw new MoveRefusedException(state, String.valueOf(e.getMessage()), e);
            }
            throw Restore.unreadable(directory, e);
        }
    }

    private BackupReader reader() {
        BackupReader reader = new BackupReader(directory);
        if (!reader.manifest().repository().equals(repository)) {
            throw new ConfigurationException(
                    directory.toString(),
                    "it is a backup of " + reader.manifest().repository() + ", not of " + repository,
                    "Name the right directory or the right repository");
        }
        return reader;
    }

    private RestorationPlan plan(Connection connection, BackupReader reader) throws SQLException, IOException {
        RestorePosition position = RestorePosition.of(connection, reader.manifest());
        List<RestoredTable> tables = new RestoreCounts(connection, reader).all();
        boolean there = tables.stream().anyMatch(RestoredTable::there);
        return new RestorationPlan(
                reader.manifest(),
                position.stage(),
                position.laterWrites(),
                tables,
                refusals(position, reader.manifest(), tables),
                RestoreSql.script(connection, reader, there));
    }

    private List<String> refusals(RestorePosition position, BackupManifest manifest, List<RestoredTable> tables) {
        List<String> refusals = new ArrayList<>();
        if (position.bothInUse()) {
            refusals.add("Both sides are in use, the stage is " + position.stage()
                    + ". A step back loses nothing here; restore in LEGACY_ONLY or NEW_ONLY");
        }
        if (position.elsewhere() != null) {
            refusals.add("Its legacy tables are there, under other names than in the backup: " + position.elsewhere()
                    + ". Give them the names back that they had");
        }
        long lost = tables.stream().mapToLong(RestoredTable::lost).sum();
        if (lost != overwriting) {
            String where = tables.stream()
                    .filter(table -> table.lost() > 0)
                    .map(table -> table.name() + ": " + table.lost())
                    .collect(Collectors.joining(", "));
            refusals.add(lost + " rows that are there are not in the backup or differ from it"
                    + (where.isEmpty() ? "" : " (" + where + ")") + ", and " + overwriting
                    + " were given up. Give up " + lost + " to overwrite them");
        }
        if (position.behind() && !withoutLaterWrites) {
            refusals.add("New leads, or nobody knows who does: the backup lacks what was written since "
                    + manifest.takenAt() + ", " + said(position.laterWrites())
                    + ". Say that you go on without later writes; a reseed of legacy brings them from new");
        }
        return refusals;
    }

    private static String said(@Nullable Long writes) {
        return writes == null ? "nobody measured how much" : writes + " writes as far as measured";
    }

    private RestorationPlan run(Connection connection, BackupReader reader, String actor, String reason)
            throws SQLException, IOException {
        BackupManifest manifest = reader.manifest();
        if (RestorePosition.of(connection, manifest).known()) {
            record(connection, manifest, actor, reason);
        }
        if (allThere(connection, manifest)) {
            Sql.run(connection, List.of(RestoreSql.lock(manifest)));
        }
        Sql.run(connection, List.of("SET LOCAL lock_timeout = '10s'"));
        RestorationPlan plan = plan(connection, reader);
        if (!plan.refusals().isEmpty()) {
            throw new MoveRefusedException(
                    MoveRefusedException.RESTORE, "Nothing was restored. " + String.join(". ", plan.refusals()), null);
        }
        boolean there = plan.tables().get(0).there();
        try {
            fill(connection, reader, there);
        } catch (SQLException e) {
            throw Restore.inTheWay(there, e);
        }
        return plan;
    }

    private static void fill(Connection connection, BackupReader reader, boolean there)
            throws SQLException, IOException {
        BackupManifest manifest = reader.manifest();
        if (there) {
            List<String> after = RestoreSql.after(connection, manifest);
            Sql.run(connection, RestoreSql.before(manifest));
            for (TableBackup table : manifest.tables()) {
                reader.fill(connection, table, table.quoted());
            }
            Sql.run(connection, after);
        } else {
            Restore.make(connection, reader);
        }
    }

    private static boolean allThere(Connection connection, BackupManifest manifest) throws SQLException {
        for (TableBackup table : manifest.tables()) {
            if (Sql.text(connection, "SELECT to_regclass(?)", table.quoted()) == null) {
                return false;
            }
        }
        return true;
    }

    /** First, so that nobody moves the repository meanwhile. */
    private void record(Connection connection, BackupManifest manifest, String actor, String reason)
            throws SQLException {
        String evidence = "{\"takenAt\": \"" + manifest.takenAt() + "\", \"epoch\": " + manifest.epoch()
                + ", \"overwritten\": " + overwriting + ", \"tables\": "
                + manifest.tables().size() + "}";
        Sql.text(
                connection,
                "SELECT changeover.restored(?, ?, ?, ?, ?, ?::jsonb)",
                repository,
                Sql.array(
                        connection,
                        manifest.tables().stream().map(TableBackup::quoted).toList()),
                manifest.retired().isEmpty() ? null : "RENAMED",
                reason,
                actor,
                evidence);
    }
}
