package dev.changeover.console;

import dev.changeover.shadowcompare.Decision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "fixed", description = "The fault is mended: what is seen from now on is a regression.")
final class DivergencesFixedVerb extends Verb {

    @Mixin
    final Reviewing reviewing = new Reviewing();

    DivergencesFixedVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) {
        return reviewing.decide(session, Decision.fixed());
    }
}
