package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import dev.changeover.shadowcompare.Decision;
import dev.changeover.shadowcompare.DivergenceGroup;
import dev.changeover.shadowcompare.DivergenceReview;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Decides about divergences: about some by their numbers, or about what is unreviewed beneath a path. */
final class Reviewing {

    @Parameters(arity = "0..*", paramLabel = "ID", description = "Numbers in the list.")
    List<Long> ids = new ArrayList<>();

    @Option(names = "--repository", paramLabel = "REPO", description = "Of which repository, with --path.")
    @Nullable
    String repository;

    @Option(names = "--path", paramLabel = "PATH", description = "All unreviewed at this path and beneath it.")
    @Nullable
    String path;

    @Option(names = "--owner", paramLabel = "NAME", description = "Who answers for it.")
    @Nullable
    String owner;

    @Option(names = "--ticket", paramLabel = "TEXT", description = "Where it is followed up.")
    @Nullable
    String ticket;

    @Option(
            names = "--expect-revision",
            paramLabel = "N",
            description = "Refuse if somebody has decided since you looked.")
    @Nullable
    Long revision;

    @Mixin
    final Changes changes = new Changes();

    Outcome decide(Session session, Decision bare) {
        Decision decision = new Decision(bare.state(), owner, ticket, bare.expires());
        DivergenceReview review = DivergenceReview.open(session.database().source(changes.dryRun));
        String actor = changes.actor(session.around());
        int decided = path == null
                ? byNumber(review, decision, actor, session)
                : byPath(review, decision, actor, session, path);
        ObjectNode json = Json.object()
                .put("decided", decided)
                .put("state", decision.state().name())
                .put("dryRun", changes.dryRun);
        return Outcome.done(
                json,
                screen -> screen.line(decided
                        + (decided == 1 ? " divergence" : " divergences")
                        + (changes.dryRun ? " would be " : " now ")
                        + decision.state()
                        + (changes.dryRun ? ". Nothing was changed." : ".")));
    }

    private int byNumber(DivergenceReview review, Decision decision, String actor, Session session) {
        if (ids.isEmpty()) {
            throw ConsoleException.usage("No divergence is named", "Give numbers, or --repository and --path");
        }
        List<DivergenceGroup> seen =
                ids.stream().distinct().map(id -> review.show(id).group()).toList();
        for (DivergenceGroup each : seen) {
            if (revision != null && revision != each.review().revision()) {
                throw ConsoleException.error(
                        "Divergence " + each.id() + " has revision "
                                + each.review().revision() + " instead of " + revision,
                        "Somebody has decided meanwhile: changeover divergences show " + each.id());
            }
        }
        return review.decide(seen, decision, actor, changes.reason(session.around()));
    }

    private int byPath(DivergenceReview review, Decision decision, String actor, Session session, String beneath) {
        if (repository == null || !ids.isEmpty()) {
            throw ConsoleException.usage("--path goes with --repository and without numbers", "Give both of them");
        }
        return review.decide(repository, beneath, decision, actor, changes.reason(session.around()));
    }
}
