package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.shadowcompare.DivergenceFilter;
import dev.changeover.shadowcompare.DivergenceGroup;
import dev.changeover.shadowcompare.DivergenceReview;
import dev.changeover.shadowcompare.ReviewState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "divergences", description = "Shows what differs between the sides and what was decided about it.")
final class DivergencesVerb extends Verb {
    private static final String SHED = """
            SELECT s.repository, s.count, s.first_seen AS "firstSeen", s.last_seen AS "lastSeen"
              FROM changeover.divergence_shed s WHERE ?::text IS NULL OR s.repository = ? ORDER BY s.repository""";

    @Parameters(index = "0", arity = "0..1", paramLabel = "REPO", description = "Only of this repository.")
    @Nullable
    String repository;

    @Option(names = "--path", paramLabel = "PREFIX", description = "Only paths that begin so.")
    @Nullable
    String path;

    @Option(names = "--state", paramLabel = "STATE", description = "Only those about which this was decided.")
    @Nullable
    ReviewState state;

    @Option(names = "--unreviewed", description = "Only those at which somebody has to look.")
    boolean unreviewed;

    DivergencesVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (repository != null) {
            Where.of(session.database(), repository);
        }
        DivergenceFilter filter = new DivergenceFilter(repository, null, path, null, state, unreviewed);
        List<DivergenceGroup> groups =
                DivergenceReview.open(session.database().source(false)).list(filter);
        ArrayNode shed = Json.array(session.database().rows(SHED, repository, repository));
        Instant now = Instant.now();
        ObjectNode json = Json.object();
        ArrayNode all = json.putArray("divergences");
        groups.forEach(group -> all.add(DivergenceTexts.json(group, now)));
        json.set("shed", shed);
        return Outcome.done(json, screen -> {
            DivergenceTexts.list(screen, groups, now);
            shed.forEach(each -> screen.line(Json.text(each, "repository") + ": " + Json.text(each, "count")
                    + " more were confirmed and not kept apart, because there were too many groups."));
        });
    }
}
