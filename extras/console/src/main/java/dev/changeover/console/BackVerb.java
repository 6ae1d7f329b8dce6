package dev.changeover.console;

import dev.changeover.console.connect.ConsoleException;
import dev.changeover.core.Stage;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "back", description = "Moves a repository one stage back; works without the application, too.")
final class BackVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Mixin
    final Moves moves = new Moves();

    BackVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        Where where = Where.of(session.database(), repository);
        if (where.stage() == Stage.LEGACY_ONLY) {
            throw ConsoleException.error(
                    repository + ": there is no stage before LEGACY_ONLY", "Nothing has to be taken back");
        }
        Stage before = Stage.values()[where.stage().ordinal() - 1];
        return moves.to(session, repository, new Goal(before, null), false);
    }
}
