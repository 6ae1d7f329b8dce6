package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.console.terminal.Table;
import dev.changeover.legacyadapter.retire.Restoration;
import dev.changeover.legacyadapter.retire.RestorationPlan;
import dev.changeover.legacyadapter.retire.RestoredTable;
import java.nio.file.Path;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = "Says what it would take to have the legacy tables back from a backup and what would be lost, and"
                + " with --apply restores them.")
final class RestoreVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--directory", required = true, paramLabel = "DIR", description = "Where the backup is.")
    Path directory = Path.of("");

    @Option(names = "--apply", description = "Do it; without this it is only said what would be done and lost.")
    boolean apply;

    @Option(
            names = "--overwrite",
            paramLabel = "N",
            description = "Give up the rows that are there and not in the backup; N is how many, as it was said.")
    long overwrite;

    @Option(
            names = "--without-later-writes",
            description = "Go on although legacy will lack what was written to new since the backup.")
    boolean withoutLaterWrites;

    @Mixin
    final Changes changes = new Changes();

    RestoreVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        Restoration restoration = Restoration.of(session.database().source(false), repository, directory)
                .overwriting(overwrite);
        restoration = withoutLaterWrites ? restoration.withoutLaterWrites() : restoration;
        RestorationPlan plan = restoration.plan();
        boolean done = apply && !changes.dryRun && plan.refusals().isEmpty();
        if (done) {
            String reason = changes.reason(session.around());
            if (!session.screen().look().json()) {
                session.screen().raw(plan.script());
                session.screen().flush(); // what is going to be done is on the screen before it is
            }
            plan = restoration.run(changes.actor(session.around()), reason);
        }
        ObjectNode json = json(plan, !done);
        RestorationPlan shown = plan;
        int exit = plan.refusals().isEmpty() ? Exit.DONE : Exit.REFUSED;
        return new Outcome(json, screen -> show(screen, shown, done), exit);
    }

    private ObjectNode json(RestorationPlan plan, boolean dryRun) {
        ObjectNode json = Json.object()
                .put("directory", directory.toAbsolutePath().toString())
                .put("takenAt", plan.backup().takenAt().toString())
                .put("stage", plan.stage())
                .put("laterWrites", plan.laterWrites())
                .put("lost", plan.lost())
                .put("dryRun", dryRun)
                .put("sql", plan.script());
        ArrayNode tables = json.putArray("tables");
        for (RestoredTable each : plan.tables()) {
            tables.addObject()
                    .put("table", each.name())
                    .put("there", each.there())
                    .put("rows", each.rows())
                    .put("lost", each.lost())
                    .put("back", each.back());
        }
        ArrayNode refusals = json.putArray("refusals");
        plan.refusals().forEach(refusals::add);
        return json;
    }

    private void show(Screen screen, RestorationPlan plan, boolean done) {
        if (!done) {
            screen.raw(plan.script());
        }
        Table table = Table.of("TABLE", "THERE", "ROWS", "LOST", "BACK");
        for (RestoredTable each : plan.tables()) {
            table.row(each.name(), each.there() ? "yes" : "no", each.rows(), each.lost(), each.back());
        }
        screen.table(table);
        plan.refusals().forEach(each -> screen.line("REFUSED: " + each + "."));
        if (!done) {
            screen.line(plan.refusals().isEmpty() ? "Nothing was changed; --apply does it." : "Nothing was changed.");
            return;
        }
        screen.line(repository + ": restored as of " + plan.backup().takenAt() + ".");
        if ("NEW_ONLY".equals(plan.stage())) {
            screen.line(
                    "Legacy is stale: changeover back, backfill --reseed, verify, accept bring it to what new has.");
        }
    }
}
