package dev.changeover.examples;

import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.examples.database.Pool;
import dev.changeover.examples.database.Schemas;
import dev.changeover.legacyadapter.retire.BackupManifest;
import dev.changeover.legacyadapter.retire.Retirement;
import dev.changeover.legacyadapter.retire.RetirementStep;
import dev.changeover.legacyadapter.retire.TableBackup;
import dev.changeover.newadapter.QualifiedName;
import dev.changeover.newadapter.Sequences;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * The eighth phase: nobody has used the old tables, so they are backed up, the backup is restored to check it, they are
 * renamed, missed by nobody, and dropped; the control schema goes last. A team waits a week where this waits seconds.
 */
final class Retiring {

    private static final String ACTOR = "example";
    private static final Duration UNUSED = Duration.ofSeconds(5);
    /** The statistics say only a minute after the last move whose a write was, and are looked at every ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final DataSource dataSource;
    private final Schemas schemas;
    private final Report report;

    Retiring(DataSource dataSource, Schemas schemas, Report report) {
        this.dataSource = dataSource;
        this.schemas = schemas;
        this.report = report;
    }

    /** Retires them all, children first, with backups in this directory. */
    void run(Path directory) throws SQLException {
        report.step("retirement: nobody uses the old tables any more");
        freeSequence();
        List<String> repositories = List.of("audit_logs", "rooms", "users");
        repositories.forEach(repository -> backup(repository, directory.resolve("backup-" + repository)));
        repositories.forEach(repository -> step(repository, RetirementStep.RENAME, "nobody has used them"));
        repositories.forEach(repository -> step(repository, RetirementStep.DROP, "nobody missed them"));
        repositories.forEach(repository -> step(repository, RetirementStep.FORGET, "the transition is over"));
        uninstall();
    }

    /** New drew its numbers from the sequence of the old table, which goes with it. */
    private void freeSequence() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            QualifiedName own = QualifiedName.of(schemas.next(), "audit_logs_id_seq");
            Sequences.align(connection, QualifiedName.of(schemas.legacy(), "audit_logs_id_seq"), own, 0);
            Sequences.share(connection, own, QualifiedName.of(schemas.next(), "audit_logs"), "id");
        }
    }

    private Retirement of(String repository) {
        return Retirement.of(dataSource, repository).after(UNUSED, Duration.ZERO);
    }

    private void backup(String repository, Path directory) {
        BackupManifest manifest = of(repository).backup(directory, ACTOR, "before they are dropped");
        long rows = manifest.tables().stream().mapToLong(TableBackup::rows).sum();
        report.line(repository + ": " + rows + " rows backed up, restored and compared: " + directory);
    }

    private void step(String repository, RetirementStep step, String reason) {
        Retirement retirement = of(repository);
        Waiting.until(() -> done(retirement, step, reason), PATIENCE, "gates of " + repository + " stay closed");
    }

    private boolean done(Retirement retirement, RetirementStep step, String reason) {
        retirement.look();
        try {
            GateReport passed = retirement.run(step, ACTOR, reason);
            report.line("retired " + passed.repository() + ": " + step);
            return true;
        } catch (GateNotMetException closed) {
            if (closed.reports().stream().flatMap(each -> each.open().stream()).anyMatch(this::hopeless)) {
                throw closed;
            }
            return false;
        }
    }

    /** Time opens only one of the gates here. */
    private boolean hopeless(GateResult open) {
        return !open.gate().equals("legacy unused");
    }

    private void uninstall() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(ControlSchema.drop());
            statement.execute(schemas.into("drop schema ${legacy}"));
        }
        report.line("the old schema and the control schema are gone");
    }

    /** Opens connections of its own: what the others did is in the statistics once they are closed. */
    static void run(String url, Schemas schemas, Path directory, Report report) {
        try (var pool = Pool.open(url, 2)) {
            new Retiring(pool, schemas, report).run(directory);
        } catch (SQLException e) {
            throw new IllegalStateException("the retirement failed: " + e.getMessage(), e);
        }
    }
}
