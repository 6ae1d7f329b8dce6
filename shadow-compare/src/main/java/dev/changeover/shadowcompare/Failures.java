package dev.changeover.shadowcompare;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells failures of the machinery, which say nothing about data, from answers that happen to be exceptions. */
final class Failures {
    /** Connection, serialisation, resources, cancellation, system; and the lock that was not available. */
    private static final Set<String> CLASSES = Set.of("08", "25", "40", "53", "57", "58");

    private static final int DEEPEST = 50;

    private Failures() {}

    static boolean ofMachinery(Throwable failure) {
        if (failure instanceof Error) {
            return true;
        }
        for (Throwable each : causes(failure)) {
            if (each instanceof InterruptedException
                    || each instanceof TimeoutException
                    || each instanceof SQLTransientException
                    || each instanceof SQLRecoverableException
                    || (each instanceof SQLException e && transientState(e.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /** Returns a failure and its causes, not all of a chain that has no end. */
    static List<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST)
                .toList();
    }

    private static boolean transientState(@Nullable String state) {
        return state == null
                || state.equals("55P03")
                || (state.length() >= 2 && CLASSES.contains(state.substring(0, 2)));
    }
}
