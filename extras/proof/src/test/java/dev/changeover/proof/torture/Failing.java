package dev.changeover.proof.torture;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a failure says of the outcome of a unit. */
final class Failing {

    private static final Pattern GONE = Pattern.compile("08.*|57P.*");

    private Failing() {}

    /** The session or the server is gone. */
    static boolean isGone(Throwable failure) {
        return has(
                failure,
                e -> e instanceof SQLTransientConnectionException
                        || (e.getSQLState() != null
                                && GONE.matcher(e.getSQLState()).matches())
                        || String.valueOf(e.getMessage()).startsWith("Connection is closed"));
    }

    static boolean isState(Throwable failure, String state) {
        return has(failure, e -> state.equals(e.getSQLState()));
    }

    private static boolean has(Throwable failure, Predicate<SQLException> test) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>();
        open.add(failure);
        while (!open.isEmpty()) {
            Throwable next = open.pop();
            if (!seen.add(next)) {
                continue;
            }
            if (next instanceof SQLException e && test.test(e)) {
                return true;
            }
            Collections.addAll(open, next.getSuppressed());
            if (next.getCause() != null) {
                open.add(next.getCause());
            }
        }
        return false;
    }
}
