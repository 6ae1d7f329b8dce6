package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.console.terminal.Table;
import dev.changeover.shadowcompare.DivergenceGroup;
import dev.changeover.shadowcompare.ReviewStep;
import dev.changeover.shadowcompare.ReviewedDivergence;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Divergences for people and for programs. */
final class DivergenceTexts {

    private DivergenceTexts() {}

    static ObjectNode json(DivergenceGroup group, Instant now) {
        ObjectNode json = Json.object()
                .put("id", group.id())
                .put("repository", group.repository())
                .put("operation", group.operation())
                .put("path", group.path())
                .put("kind", group.kind().name())
                .put("count", group.count())
                .put("epoch", group.epoch())
                .put("firstSeen", group.firstSeen().toString())
                .put("lastSeen", group.lastSeen().toString())
                .put("state", group.review().state().name())
                .put("unreviewed", group.review().unreviewed(now))
                .put("owner", group.review().owner())
                .put("ticket", group.review().ticket())
                .put("expires", text(group.review().expires()))
                .put("revision", group.review().revision());
        ArrayNode samples = json.putArray("samples");
        group.samples()
                .forEach(sample -> samples.addObject()
                        .put("key", sample.key())
                        .put("path", sample.path())
                        .put("authority", sample.authority())
                        .put("follower", sample.follower()));
        return json;
    }

    static ObjectNode json(ReviewedDivergence divergence, Instant now) {
        ObjectNode json = json(divergence.group(), now);
        ArrayNode history = json.putArray("history");
        divergence
                .history()
                .forEach(step -> history.addObject()
                        .put("at", step.at().toString())
                        .put("actor", step.actor())
                        .put("dbUser", step.dbUser())
                        .put("before", step.before().name())
                        .put("after", step.after().name())
                        .put("reason", step.reason())
                        .put("owner", step.owner())
                        .put("ticket", step.ticket())
                        .put("expires", text(step.expires()))
                        .put("count", step.count()));
        return json;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    static void list(Screen screen, List<DivergenceGroup> groups, Instant now) {
        if (groups.isEmpty()) {
            screen.line("No divergences that are asked for.");
            return;
        }
        Table table = Table.of("ID", "REPOSITORY", "OPERATION", "PATH", "KIND", "COUNT", "STATE");
        for (DivergenceGroup each : groups) {
            String state = each.review().state().name();
            table.row(
                    each.id(),
                    each.repository(),
                    each.operation(),
                    each.path(),
                    each.kind(),
                    each.count(),
                    each.review().expired(now) ? state + ", expired" : state);
        }
        screen.table(table);
    }

    static void show(Screen screen, ReviewedDivergence divergence, Instant now) {
        DivergenceGroup group = divergence.group();
        list(screen, List.of(group), now);
        screen.line("Seen " + second(group.firstSeen()) + " to " + second(group.lastSeen()) + ", last in epoch "
                + group.epoch() + ", revision " + group.review().revision() + ".");
        Table samples = Table.of("KEY", "PATH", "AUTHORITY", "FOLLOWER");
        group.samples()
                .forEach(sample -> samples.row(sample.key(), sample.path(), sample.authority(), sample.follower()));
        Table history = Table.of("AT", "ACTOR", "STATE", "OWNER", "TICKET", "UNTIL", "REASON");
        for (ReviewStep step : divergence.history()) {
            Instant expires = step.expires();
            history.row(
                    second(step.at()),
                    step.actor(),
                    step.after(),
                    step.owner(),
                    step.ticket(),
                    expires == null ? null : second(expires),
                    step.reason());
        }
        for (Table table : List.of(samples, history)) {
            if (!table.isEmpty()) {
                screen.line("");
                screen.table(table);
            }
        }
    }

    private static Instant second(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }
}
