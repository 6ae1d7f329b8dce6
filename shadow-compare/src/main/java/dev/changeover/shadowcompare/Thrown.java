package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.internal.Shown;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An exception as an answer of a side: its class and, since drivers have one class for everything, its SQLSTATE. Two
 * that agree in these are alike; messages name constraints, values and hosts, and are neither compared nor shown.
 *
 * @param type the class
 * @param state the SQLSTATE of the first database error among its causes, or null
 */
record Thrown(Class<?> type, @Nullable String state) {

    static Thrown of(Throwable failure) {
        for (Throwable each : Failures.causes(failure)) {
            if (each instanceof SQLException e) {
                return new Thrown(failure.getClass(), e.getSQLState());
            }
        }
        return new Thrown(failure.getClass(), null);
    }

    String shown(Throwable failure, Set<Class<? extends Throwable>> safe) {
        String text = "threw " + type.getName() + (state == null ? "" : " (" + state + ")");
        return safe.stream().anyMatch(each -> each.isInstance(failure))
                ? text + ": " + Shown.of(failure.getMessage(), true)
                : text;
    }
}
