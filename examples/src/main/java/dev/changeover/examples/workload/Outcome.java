package dev.changeover.examples.workload;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;

/** What a failure tells about a unit of work. */
enum Outcome {
    /** Rolled back, and a careful caller does it again. */
    RETRY_SERIALIZATION,
    /** Rolled back, and a careful caller reads again. */
    RETRY_OPTIMISTIC,
    /** Rolled back by a sentinel: the other side leads. */
    REFUSED,
    /** Rolled back. */
    ROLLED_BACK,
    /** The connection broke: committed or not. */
    UNKNOWN;

    /** Only REPEATABLE READ and SERIALIZABLE may fail to serialise; to anybody else 40001 is a surprise. */
    static Outcome of(Throwable failure, Mode mode) {
        String state = sqlState(failure);
        if ("40001".equals(state)) {
            return mode.readCommitted() ? ROLLED_BACK : RETRY_SERIALIZATION;
        }
        if ("CO030".equals(state)) {
            return REFUSED;
        }
        if (failure instanceof OptimisticLockingFailureException) {
            return RETRY_OPTIMISTIC;
        }
        return state != null && (state.startsWith("08") || state.startsWith("57P")) ? UNKNOWN : ROLLED_BACK;
    }

    boolean retried() {
        return this == RETRY_SERIALIZATION || this == RETRY_OPTIMISTIC;
    }

    private static @Nullable String sqlState(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
