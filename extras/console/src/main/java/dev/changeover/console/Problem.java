package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.connect.Secrets;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.MoveRefusedException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Why a verb did not do what it should, in words that a person can act on and without passwords.
 *
 * @param message what is wrong, and the remedy
 * @param sqlState the server's code, or null
 * @param exit the exit code
 */
record Problem(String message, @Nullable String sqlState, int exit) {

    static Problem of(Throwable failure, Secrets secrets) {
        Problem problem = of(failure);
        return new Problem(secrets.hide(problem.message), problem.sqlState, problem.exit);
    }

    private static Problem of(Throwable failure) {
        if (failure instanceof ConsoleException e) {
            return new Problem(String.valueOf(e.getMessage()), null, e.exit());
        } else if (failure instanceof MoveRefusedException e) {
            return new Problem(String.valueOf(e.getMessage()), e.code(), Exit.ofSqlState(e.code()));
        } else if (failure instanceof SQLException e) {
            return sql(e);
        } else if (failure instanceof ChangeoverException e) {
            return e.getCause() instanceof SQLException cause
                    ? sql(cause)
                    : new Problem(String.valueOf(e.getMessage()), null, Exit.ERROR);
        }
        return new Problem("Unexpected: " + failure, null, Exit.ERROR);
    }

    private static Problem sql(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return new Problem(message(e) + remedy(state), state, Exit.ofSqlState(state));
    }

    /** The server's own words and hint, without the place in its source that the driver adds. */
    private static String message(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException own ? own.getServerErrorMessage() : null;
        if (server == null || server.getMessage() == null) {
            return String.valueOf(e.getMessage());
        }
        return server.getMessage() + (server.getHint() == null ? "" : ". " + server.getHint());
    }

    private static String remedy(String state) {
        if (state.startsWith("08") || state.startsWith("28")) {
            return ". Look at the URL, the user and the password, and whether the server takes connections from here";
        }
        return switch (state) {
            case "3F000", "42P01", "42883" ->
                ". The control schema is not there, or in another version: changeover init";
            case "42501" -> ". The role lacks a grant: changeover ddl --operator ROLE prints those that are needed";
            default -> "";
        };
    }

    int show(Screen screen) {
        if (screen.look().json()) {
            ObjectNode error = Json.object();
            error.putObject("error").put("message", message).put("sqlState", sqlState);
            screen.json(error.put("exit", exit));
        } else {
            screen.note("changeover: " + message);
        }
        screen.flush();
        return exit;
    }
}
