package dev.changeover.console;

import dev.changeover.shadowcompare.Decision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "reopen", description = "What was decided before does not hold.")
final class DivergencesReopenVerb extends Verb {

    @Mixin
    final Reviewing reviewing = new Reviewing();

    DivergencesReopenVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) {
        return reviewing.decide(session, Decision.reopened());
    }
}
