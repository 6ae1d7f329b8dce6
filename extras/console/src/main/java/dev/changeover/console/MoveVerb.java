package dev.changeover.console;

import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "move", description = "Moves a repository to a stage, or to a percentage of RAMP.")
final class MoveVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Parameters(
            index = "1",
            paramLabel = "STAGE|N%%",
            description = "A neighbouring stage, or a percentage such as 25%%.")
    String goal = "";

    @Option(names = "--override-gates", description = "Move although a gate is not met; the history says so.")
    boolean overrideGates;

    @Mixin
    final Moves moves = new Moves();

    MoveVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return moves.to(session, repository, Goal.parse(goal), overrideGates);
    }
}
