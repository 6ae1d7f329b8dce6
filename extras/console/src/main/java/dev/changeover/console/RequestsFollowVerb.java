package dev.changeover.console;

import dev.changeover.console.request.Ticket;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "follow", description = "Follows a request to its end; the exit code is that of its verb.")
final class RequestsFollowVerb extends Verb {

    @Parameters(index = "0", paramLabel = "ID", description = "Its number.")
    long id;

    RequestsFollowVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return new Asking(session).follow(new Ticket(id, true));
    }
}
