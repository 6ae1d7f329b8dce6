package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GateReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Retires the legacy tables of a repository that new leads alone: rename, soak, drop. Nothing is done but what is asked
 * for; each step has gates, prints its SQL before it runs it, is one transaction under short locks, and leaves a row of
 * history. Tables are dropped without CASCADE.
 *
 * <pre>{@code
 * Retirement retirement = Retirement.of(pool, "users");
 * retirement.backup(directory, "alice", "before we drop them");
 * System.out.println(retirement.gates(RetirementStep.RENAME).missing());
 * System.out.println(retirement.script(RetirementStep.RENAME));
 * retirement.run(RetirementStep.RENAME, "alice", "nobody has used them for a week");
 * // a week later
 * retirement.run(RetirementStep.DROP, "alice", "nobody missed them");
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Retirement {

    private static final Duration WEEK = Duration.ofDays(7);

    private final DataSource dataSource;
    private final String repository;
    private final Duration quiet;
    private final Duration soak;
    private final boolean overriding;

    private Retirement(DataSource dataSource, String repository, Duration quiet, Duration soak, boolean overriding) {
        this.dataSource = dataSource;
        this.repository = repository;
        this.quiet = quiet;
        this.soak = soak;
        this.overriding = overriding;
    }

    /**
     * Returns the retirement of a repository: legacy has to be unused for seven days, and renamed for seven.
     *
     * @param dataSource whose role owns the tables, and may execute the functions of the control schema
     */
    public static Retirement of(DataSource dataSource, String repository) {
        return new Retirement(dataSource, repository, WEEK, WEEK, false);
    }

    /**
     * Returns the same with other times.
     *
     * @param unused for how long nobody may have used legacy
     * @param renamed for how long it must have had another name before it is dropped
     */
    public Retirement after(Duration unused, Duration renamed) {
        if (unused.isNegative() || renamed.isNegative()) {
            throw new ConfigurationException("retirement.after", "a time is negative", "Give durations from zero on");
        }
        return new Retirement(dataSource, repository, unused, renamed, overriding);
    }

    /** Returns the same without gates; what they said stands in the history. What would lose data is refused all the same. */
    public Retirement overridingGates() {
        return new Retirement(dataSource, repository, quiet, soak, true);
    }

    /**
     * Writes down what PostgreSQL's statistics say of the legacy tables now; instances do it by themselves every hour.
     *
     * @return false if somebody has within the last ten seconds, or there is nothing to look at
     */
    public boolean look() {
        return transaction(connection ->
                "t".equals(Sql.text(connection, "SELECT changeover.look_at_legacy(interval '10 seconds')")));
    }

    /** Returns what the gates of a step say now. */
    public GateReport gates(RetirementStep step) {
        return transaction(connection -> report(step, facts(connection)));
    }

    private GateReport report(RetirementStep step, RetirementFacts facts) {
        return new RetirementGates(repository, quiet, soak).before(step, facts);
    }

    private RetirementFacts facts(Connection connection) throws SQLException {
        RetirementFacts facts = RetirementFacts.read(connection, repository);
        if (facts == null) {
            throw new ConfigurationException(
                    repository, "no such repository in the control schema", "Build it once to register it");
        }
        return facts;
    }

    /** Returns the legacy tables as they are named now; none once they were dropped. */
    public List<String> tables() {
        return transaction(connection -> facts(connection).tables());
    }

    /** Returns the script that a step would run now. */
    public String script(RetirementStep step) {
        return transaction(connection -> {
            RetirementFacts facts = facts(connection);
            return LiveRename.text(
                    locks(connection, step, facts), statements(connection, step, facts, "..", "..", "{}"));
        });
    }

    /**
     * Writes a backup of the legacy tables, restores it into a schema of its own to compare it, and says so in the history.
     *
     * @param directory where it will be; it must not be there yet
     * @return what is in it
     * @throws ConfigurationException if it does not hold what the tables hold
     */
    public BackupManifest backup(Path directory, String actor, String reason) {
        return backup(LegacyBackup.of(dataSource), directory, actor, reason);
    }

    /** The same with a pg_dump beside it, where one fits the server. */
    public BackupManifest backup(PgDump dump, Path directory, String actor, String reason) {
        return backup(LegacyBackup.of(dataSource).dumpedBy(dump), directory, actor, reason);
    }

    private BackupManifest backup(LegacyBackup backup, Path directory, String actor, String reason) {
        Instant startedAt = transaction(this::facts).now();
        BackupManifest manifest = backup.write(repository, tables(), directory);
        backup.check(directory);
        long rows = manifest.tables().stream().mapToLong(TableBackup::rows).sum();
        String evidence = "{\"startedAt\": \"" + startedAt + "\", \"tables\": "
                + manifest.tables().size() + ", \"rows\": " + rows + ", \"pgDump\": "
                + RetirementEvidence.text(manifest.dump().said()) + "}";
        transaction(connection -> {
            Sql.text(
                    connection,
                    "SELECT changeover.backed_up(?, ?, ?, ?, ?::jsonb)",
                    repository,
                    directory.toAbsolutePath().toString(),
                    reason,
                    actor,
                    evidence);
            return true;
        });
        return manifest;
    }

    /**
     * Does a step, all of it or nothing.
     *
     * @param actor who asks
     * @param reason why
     * @return what the gates said
     * @throws GateNotMetException if a gate is closed; nothing was changed then
     * @throws MoveRefusedException if the stage does not allow it, or open transactions hold the tables; nothing was
     *     changed then
     */
    public GateReport run(RetirementStep step, String actor, String reason) {
        GateReport report = gates(step);
        if (!report.passed() && !overriding) {
            throw new GateNotMetException(List.of(report));
        }
        try {
            new ShortLocks(dataSource, MoveRounds.DEFAULTS).run("The retirement", tables().size(), connection -> {
                RetirementFacts facts = facts(connection);
                Sql.run(connection, locks(connection, step, facts));
                Sql.run(
                        connection,
                        statements(connection, step, facts, actor, reason, RetirementEvidence.json(report)));
                return report;
            });
        } catch (SQLException e) {
            throw failed(e);
        }
        return report;
    }

    /** A drop closes the fence before it locks a table. */
    private static List<String> locks(Connection connection, RetirementStep step, RetirementFacts facts)
            throws SQLException {
        return step == RetirementStep.DROP ? List.of() : LiveRename.locks(connection, facts.tables());
    }

    private List<String> statements(
            Connection connection,
            RetirementStep step,
            RetirementFacts facts,
            String actor,
            String reason,
            String evidence)
            throws SQLException {
        if (step == RetirementStep.FORGET) {
            return List.of("SELECT changeover.forget(" + literals(repository, reason, actor) + ")");
        }
        String becomes = switch (step) {
            case RENAME -> "'VIEW'";
            case RENAME_BARE -> "'RENAMED'";
            case DROP -> "'DROPPED'";
            default -> "NULL";
        };
        List<String> statements = new ArrayList<>();
        if (step == RetirementStep.DROP) {
            statements.addAll(DropSql.of(connection, repository, facts.tables()));
        } else if (step == RetirementStep.BACK) {
            statements.addAll(LiveRename.backs(connection, facts.tables()));
        } else {
            statements.addAll(LiveRename.renames(connection, facts.tables(), step == RetirementStep.RENAME));
        }
        int last = step == RetirementStep.DROP ? statements.size() : 0;
        statements.add(
                last,
                "SELECT changeover.retire(" + literals(repository) + ", " + becomes + ", " + literals(reason, actor)
                        + ", " + literals(evidence) + "::jsonb)");
        return statements;
    }

    private static String literals(String... values) {
        List<String> literals = new ArrayList<>();
        for (String value : values) {
            literals.add(Sql.literal(value));
        }
        return String.join(", ", literals);
    }

    private <T extends @Nullable Object> T transaction(SqlTransaction.Work<T> work) {
        try {
            return SqlTransaction.readCommitted(dataSource, connection -> {
                Sql.run(connection, List.of("SET LOCAL search_path = pg_catalog")); // names are shown in full
                return work.on(connection);
            });
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The control functions refuse with SQLSTATEs of the class CO; what depends on a table is named by the server. */
    private static ChangeoverException failed(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("CO") || state.equals("2BP01")) {
            return new MoveRefusedException(state, String.valueOf(e.getMessage()), e);
        }
        String what = state.startsWith("08")
                ? "The connection broke, and it is not known whether the step was done; the history tells: "
                : "Nothing was retired: ";
        return new ChangeoverException(what + e.getMessage(), e);
    }
}
