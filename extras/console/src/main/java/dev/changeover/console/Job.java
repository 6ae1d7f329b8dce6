package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.request.Asked;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What verbs have in common that the application does and that change something. */
final class Job {

    @Mixin
    final Changes changes = new Changes();

    @Mixin
    final Waiting waiting = new Waiting();

    @Option(
            names = "--expect-epoch",
            paramLabel = "N",
            description = "Refuse if somebody has moved it since you looked.")
    @Nullable
    Long epoch;

    /** Asks for it; the arguments say whether it is a rehearsal. */
    Outcome ask(Session session, String repository, String verb, ObjectNode arguments) throws SQLException {
        Asked asked = asked(session, repository, verb, arguments);
        return new Asking(session).ask(asked, waiting);
    }

    /** The same for verbs that have no rehearsal of their own: only the asking is rehearsed. */
    Outcome askOrRehearse(Session session, String repository, String verb, ObjectNode arguments) throws SQLException {
        Asked asked = asked(session, repository, verb, arguments);
        return changes.dryRun ? new Asking(session).rehearse(asked) : new Asking(session).ask(asked, waiting);
    }

    private Asked asked(Session session, String repository, String verb, ObjectNode arguments) throws SQLException {
        Where.of(session.database(), repository).expect(epoch);
        return new Asked(
                repository,
                verb,
                arguments,
                changes.actor(session.around()),
                changes.reason(session.around()),
                Asking.positive(waiting.wait));
    }
}
