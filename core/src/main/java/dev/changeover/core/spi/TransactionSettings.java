package dev.changeover.core.spi;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a transaction is to be opened if none is active.
 *
 * @param propagation what the method asks of a transaction around it
 * @param isolation a constant of {@link java.sql.Connection}, or null for the default of the application
 * @param timeout the longest that the transaction may take, or null for the default of the application
 * @param readOnly whether the unit of work is declared read-only
 * @param rollbackOn tells whether the transaction is rolled back when the work throws this
 */
public record TransactionSettings(
        Propagation propagation,
        @Nullable Integer isolation,
        @Nullable Duration timeout,
        boolean readOnly,
        Predicate<Throwable> rollbackOn) {

    /** Joins or opens, default isolation, no timeout, writing, rolled back on everything. */
    public static final TransactionSettings DEFAULTS =
            new TransactionSettings(Propagation.REQUIRED, null, null, false, failure -> true);

    /** As {@link #DEFAULTS}, but read-only. */
    public static final TransactionSettings READ_ONLY =
            new TransactionSettings(Propagation.REQUIRED, null, null, true, failure -> true);

    /** What a method asks of a transaction around it. A routed write may only ask for one of the first three. */
    public enum Propagation {
        /** Joins the active one or opens one. */
        REQUIRED,
        /** Joins the active one; without one it runs without. */
        SUPPORTS,
        /** Joins the active one; without one it fails. */
        MANDATORY,
        /** Suspends the active one and opens another. */
        REQUIRES_NEW,
        /** Suspends the active one. */
        NOT_SUPPORTED,
        /** Fails in an active one. */
        NEVER,
        /** Runs within a savepoint of the active one. */
        NESTED;

        /** Tells whether a routed write may have this propagation. */
        public boolean joins() {
            return ordinal() <= MANDATORY.ordinal();
        }
    }
}
