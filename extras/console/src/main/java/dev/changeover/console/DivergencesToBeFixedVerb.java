package dev.changeover.console;

import dev.changeover.shadowcompare.Decision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "to-be-fixed", description = "The difference is a fault that is still there.")
final class DivergencesToBeFixedVerb extends Verb {

    @Mixin
    final Reviewing reviewing = new Reviewing();

    DivergencesToBeFixedVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) {
        return reviewing.decide(session, Decision.toBeFixed());
    }
}
