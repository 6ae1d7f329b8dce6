package dev.changeover.console;

import dev.changeover.shadowcompare.DivergenceReview;
import dev.changeover.shadowcompare.ReviewedDivergence;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows one divergence with samples and the history of its review.")
final class DivergencesShowVerb extends Verb {

    @Parameters(index = "0", paramLabel = "ID", description = "Its number in the list.")
    long id;

    DivergencesShowVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) {
        ReviewedDivergence found =
                DivergenceReview.open(session.database().source(false)).show(id);
        Instant now = Instant.now();
        return Outcome.done(DivergenceTexts.json(found, now), screen -> DivergenceTexts.show(screen, found, now));
    }
}
