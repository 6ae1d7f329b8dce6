package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.connect.Target;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.legacyadapter.retire.BackupManifest;
import dev.changeover.legacyadapter.retire.PgDump;
import dev.changeover.legacyadapter.retire.Retirement;
import dev.changeover.legacyadapter.retire.RetirementStep;
import dev.changeover.legacyadapter.retire.TableBackup;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retire",
        description = "Shows whether the legacy tables may go, and renames or drops them step by step.")
final class RetireVerb extends Verb {

    /** What can be asked for. */
    enum Step {
        BACKUP,
        RENAME,
        BACK,
        DROP,
        FORGET
    }

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(
            names = "--step",
            paramLabel = "backup|rename|back|drop|forget",
            description = "Do this; without it only the gates are shown.")
    @Nullable
    Step step;

    @Option(names = "--no-view", description = "Rename without a view: who still uses the name fails.")
    boolean noView;

    @Option(names = "--directory", paramLabel = "DIR", description = "Where the backup will be.")
    @Nullable
    Path directory;

    @Option(
            names = "--pg-dump",
            paramLabel = "FILE",
            description = "The pg_dump that writes the tables beside; else the one on PATH.")
    @Nullable
    Path pgDump;

    @Option(names = "--no-pg-dump", description = "Leave pg_dump out of the backup.")
    boolean noPgDump;

    @Option(names = "--unused", paramLabel = "TIME", description = "For how long nobody may have used them (7d).")
    Duration unused = Duration.ofDays(7);

    @Option(names = "--renamed", paramLabel = "TIME", description = "How long renamed before they are dropped (7d).")
    Duration renamed = Duration.ofDays(7);

    @Option(names = "--override-gates", description = "Do it although a gate is closed; the history says so.")
    boolean overrideGates;

    @Mixin
    final Changes changes = new Changes();

    RetireVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        Where.of(session.database(), repository);
        Retirement retirement =
                Retirement.of(session.database().source(false), repository).after(unused, renamed);
        retirement.look();
        Step asked = step;
        if (asked == null) {
            return gates(retirement);
        }
        return asked == Step.BACKUP ? backup(session, retirement) : step(session, retirement, library(asked));
    }

    private RetirementStep library(Step asked) {
        return switch (asked) {
            case RENAME -> noView ? RetirementStep.RENAME_BARE : RetirementStep.RENAME;
            case BACK -> RetirementStep.BACK;
            case DROP -> RetirementStep.DROP;
            default -> RetirementStep.FORGET;
        };
    }

    private Outcome gates(Retirement retirement) {
        ObjectNode json = Json.object();
        GateReport rename = retirement.gates(RetirementStep.RENAME);
        GateReport drop = retirement.gates(RetirementStep.DROP);
        json.putArray("reports").add(report(rename)).add(report(drop));
        return new Outcome(
                json, screen -> Results.show(screen, "gates", json), drop.passed() ? Exit.DONE : Exit.NOT_MET);
    }

    private Outcome backup(Session session, Retirement retirement) {
        Path target = directory;
        if (target == null) {
            throw ConsoleException.usage("--directory is missing", "Say where the backup will be");
        }
        ObjectNode json = Json.object().put("directory", target.toAbsolutePath().toString());
        if (changes.dryRun) {
            ArrayNode names = json.putArray("tables");
            retirement.tables().forEach(names::add);
            return Outcome.done(json, screen -> screen.line("Would back up " + Json.text(json, "tables")));
        }
        String actor = changes.actor(session.around());
        String reason = changes.reason(session.around());
        BackupManifest manifest = noPgDump
                ? retirement.backup(target, actor, reason)
                : retirement.backup(dump(session), target, actor, reason);
        json.put("pgDump", manifest.dump().written())
                .put("pgDumpSaid", manifest.dump().said());
        ArrayNode tables = json.putArray("tables");
        for (TableBackup table : manifest.tables()) {
            tables.addObject()
                    .put("schema", table.schema())
                    .put("table", table.name())
                    .put("rows", table.rows());
        }
        return Outcome.done(json, screen -> {
            manifest.tables()
                    .forEach(each -> screen.line(each.schema() + "." + each.name() + ": " + each.rows() + " rows"));
            screen.line((manifest.dump().written() ? "Dumped by " : "Without pg_dump: ")
                    + manifest.dump().said());
            screen.line("Written, restored into a schema of its own, compared: " + Json.text(json, "directory"));
        });
    }

    private PgDump dump(Session session) {
        Target target = session.database().target();
        return pgDump == null
                ? PgDump.onPath(
                        session.around().environment().getOrDefault("PATH", ""),
                        target.url(),
                        target.user(),
                        target.password())
                : PgDump.at(pgDump, target.url(), target.user(), target.password());
    }

    private Outcome step(Session session, Retirement retirement, RetirementStep asked) {
        GateReport report = retirement.gates(asked);
        ObjectNode json = Json.object().put("step", asked.name()).put("dryRun", changes.dryRun);
        json.putArray("reports").add(report(report));
        boolean closed = !report.passed() && !overrideGates;
        if (closed && !changes.dryRun) {
            return new Outcome(json, screen -> Results.show(screen, "gates", json), Exit.NOT_MET);
        }
        String sql = retirement.script(asked);
        json.put("sql", sql);
        if (!changes.dryRun) {
            String reason = changes.reason(session.around());
            show(session.screen(), sql);
            Retirement used = overrideGates ? retirement.overridingGates() : retirement;
            used.run(asked, changes.actor(session.around()), reason);
        }
        return new Outcome(json, screen -> told(screen, json, asked), closed ? Exit.NOT_MET : Exit.DONE);
    }

    /** What is going to be done is on the screen before it is. */
    private static void show(Screen screen, String sql) {
        if (!screen.look().json()) {
            screen.raw(sql);
            screen.flush();
        }
    }

    private void told(Screen screen, ObjectNode json, RetirementStep asked) {
        if (changes.dryRun) {
            Results.show(screen, "gates", json);
            screen.raw(Json.text(json, "sql"));
            screen.line("Nothing was changed.");
        } else {
            screen.line(repository + ": " + words(asked));
        }
    }

    private static String words(RetirementStep asked) {
        return switch (asked) {
            case RENAME -> "the legacy tables are renamed, and a view stands for each.";
            case RENAME_BARE -> "the legacy tables are renamed.";
            case BACK -> "the legacy tables have their names back.";
            case DROP -> "the legacy tables are dropped. The way back is the backup.";
            case FORGET -> "is not in the control schema any more. Its history is.";
        };
    }

    private static ObjectNode report(GateReport report) {
        ObjectNode json = Json.object()
                .put("repository", report.repository())
                .put("move", report.move())
                .put("passed", report.passed());
        ArrayNode results = json.putArray("results");
        for (GateResult each : report.results()) {
            results.addObject()
                    .put("gate", each.gate())
                    .put("verdict", each.verdict().name())
                    .put("value", each.value())
                    .put("limit", each.limit())
                    .put("missing", each.missing())
                    .put("until", each.until() == null ? null : each.until().toString());
        }
        return json;
    }
}
