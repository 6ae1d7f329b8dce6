package dev.changeover.console;

import java.sql.SQLException;
import java.util.concurrent.Callable;

/** One thing to do. Whatever goes wrong ends in a message with a remedy and in an exit code, never in a stack trace. */
abstract class Verb implements Callable<Integer> {

    private final Root root;
    private final Surroundings around;

    Verb(Root root, Surroundings around) {
        this.root = root;
        this.around = around;
    }

    /** Does it. */
    abstract Outcome run(Session session) throws SQLException;

    @Override
    public final Integer call() {
        try (Session session = new Session(root, around)) {
            try {
                return run(session).show(session.screen());
            } catch (SQLException | RuntimeException e) {
                return session.problem(e).show(session.screen());
            }
        }
    }
}
