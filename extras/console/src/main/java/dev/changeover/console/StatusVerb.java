package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.Database;
import dev.changeover.console.terminal.Ages;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.console.terminal.Table;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "status", description = "Shows where repositories are, on which instances, and what is in the way.")
final class StatusVerb extends Verb {
    private static final String STATUS = """
            SELECT s.name AS repository, s.stage, s.epoch, s.percent, s.backfilled, s.stale, s.marks,
                   s.oldest_mark AS "oldestMark",
                   extract(epoch FROM clock_timestamp() - s.oldest_mark)::bigint AS "oldestMarkSeconds", s.parked,
                   coalesce(s.lagging, '{}') AS behind, s.sentinels, coalesce(s.asleep, '{}') AS asleep,
                   s.foreign_changes AS "foreignChanges", s.in_the_way AS "inTheWay", s.retired,
                   s.retired_at AS "retiredAt", s.dual_since AS "dualSince",
                   extract(epoch FROM clock_timestamp() - s.dual_since)::bigint AS "dualSeconds",
                   s.dual_writes AS "dualWrites",
                   ARRAY(SELECT sum(b.v)::bigint FROM changeover.call c, unnest(c.buckets) WITH ORDINALITY b (v, n)
                          WHERE c.repository = s.name AND c.at >= date_trunc('minute', s.dual_since) AND cardinality(c.followed) > 0
                          GROUP BY b.n ORDER BY b.n) AS "authority",
                   ARRAY(SELECT sum(b.v)::bigint FROM changeover.call c, unnest(c.followed) WITH ORDINALITY b (v, n)
                          WHERE c.repository = s.name AND c.at >= date_trunc('minute', s.dual_since) AND cardinality(c.followed) > 0
                          GROUP BY b.n ORDER BY b.n) AS "follower"
              FROM changeover.status s WHERE ?::text IS NULL OR s.name = ? ORDER BY s.name""";

    private static final String INSTANCES = """
            SELECT i.instance, i.application, i.live, i.behind, i.epoch, i.revision, i.started_at AS "startedAt",
                   i.lease_until AS "leaseUntil"
              FROM changeover.instances i WHERE i.repository = ? AND i.live ORDER BY i.application, i.instance""";

    private static final String HISTORY = """
            SELECT h.at, h.action, h.before, h.after, h.epoch, h.actor, h.reason, h.db_user AS "dbUser"
              FROM changeover.history h WHERE h.repository = ? ORDER BY h.id DESC LIMIT ?""";

    private static final int MOST_STEPS = 10;

    @Parameters(index = "0", arity = "0..1", paramLabel = "REPO", description = "Only this one, with its history.")
    @Nullable
    String repository;

    StatusVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        Database database = session.database();
        if (repository != null) {
            Where.of(database, repository);
        }
        ArrayNode all = Json.array(database.rows(STATUS, repository, repository));
        for (JsonNode each : all) {
            String name = Json.text(each, "repository");
            DualCost.put((ObjectNode) each);
            ((ObjectNode) each).set("instances", Json.array(database.rows(INSTANCES, name)));
            if (repository != null) {
                ((ObjectNode) each).set("history", Json.array(database.rows(HISTORY, name, MOST_STEPS)));
            }
        }
        ObjectNode json = Json.object();
        json.set("repositories", all);
        return Outcome.done(json, screen -> show(screen, all));
    }

    private static void show(Screen screen, ArrayNode all) {
        if (all.isEmpty()) {
            screen.line("No repository is registered yet: an instance of the application does that at its start.");
            return;
        }
        Table table = Table.of("REPOSITORY", "STAGE", "EPOCH", "MARKS", "OLDEST", "PARKED", "LIVE", "BEHIND");
        for (JsonNode each : all) {
            table.row(
                    Json.text(each, "repository"),
                    stage(each),
                    Json.text(each, "epoch"),
                    Json.text(each, "marks"),
                    Ages.of(each, "oldestMarkSeconds"),
                    Json.text(each, "parked"),
                    each.get("instances").size(),
                    each.get("behind").size());
        }
        screen.table(table);
        all.forEach(each -> remarks(screen, each));
        all.forEach(each -> details(screen, each));
    }

    private static String stage(JsonNode each) {
        String stage = Json.text(each, "stage");
        return stage.equals("RAMP") ? stage + " " + Json.text(each, "percent") + " %" : stage;
    }

    private static void remarks(Screen screen, JsonNode each) {
        String name = Json.text(each, "repository") + ": ";
        if (each.hasNonNull("stale")) {
            screen.line(name + Json.text(each, "stale") + " is stale and needs a reseed.");
        }
        if (each.hasNonNull("dualSince")) {
            String writes = Json.text(each, "dualWrites");
            screen.line(name + "both sides are written since " + Ages.time(each, "dualSince") + ", for "
                    + Ages.of(each, "dualSeconds")
                    + (writes.isEmpty() ? "." : "; " + writes + " writes were done twice, as far as measured."));
            DualCost.say(screen, name, each);
        }
        if (each.hasNonNull("retired")) {
            screen.line(name + "legacy is " + Json.text(each, "retired") + " since " + Ages.time(each, "retiredAt"));
        }
        if (each.hasNonNull("inTheWay")) {
            screen.line(name + "a move would wait for " + Json.text(each, "inTheWay"));
        }
        if (!each.get("behind").isEmpty()) {
            screen.line(name + "not on the epoch yet: " + Json.text(each, "behind"));
        }
        if (!each.get("asleep").isEmpty()) {
            screen.line(name + "sentinels are asleep on " + Json.text(each, "asleep"));
        }
        if (each.get("foreignChanges").asLong() > 0) {
            screen.line(name + Json.text(each, "foreignChanges") + " changes round the library: changeover sentinels");
        }
    }

    private static void details(Screen screen, JsonNode each) {
        if (!each.has("history")) {
            return;
        }
        Table instances = Table.of("INSTANCE", "APPLICATION", "EPOCH", "BEHIND");
        each.get("instances")
                .forEach(one -> instances.row(
                        Json.text(one, "instance"),
                        Json.text(one, "application"),
                        Json.text(one, "epoch"),
                        one.get("behind").asBoolean() ? "yes" : "no"));
        Table history = Table.of("AT", "ACTION", "AFTER", "ACTOR", "REASON");
        each.get("history")
                .forEach(one -> history.row(
                        Ages.time(one, "at"),
                        Json.text(one, "action"),
                        Json.text(one, "after"),
                        Json.text(one, "actor"),
                        Json.text(one, "reason")));
        for (Table table : new Table[] {instances, history}) {
            if (!table.isEmpty()) {
                screen.line("");
                screen.table(table);
            }
        }
    }
}
