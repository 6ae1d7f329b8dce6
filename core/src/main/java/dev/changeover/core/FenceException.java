package dev.changeover.core;

import java.sql.SQLException;

/**
 * A write could not enter the fence of its repository. With SQLSTATE 40001 the snapshot of a REPEATABLE READ or
 * SERIALIZABLE transaction is older than the stage: such a unit of work is tried again like any other that fails to
 * serialise. The {@link SQLException} is the cause.
 */
public final class FenceException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final String repository;

    /** Creates the exception for a repository. */
    public FenceException(String repository, SQLException cause) {
        super(
                repository + ": the stage could not be entered (" + cause.getMessage()
                        + "). Nothing was written; try the whole unit of work again",
                cause);
        this.repository = repository;
    }

    /** Returns the name of the repository. */
    public String repository() {
        return repository;
    }

    /** Returns the SQLSTATE, such as 40001. */
    public String sqlState() {
        return getCause() instanceof SQLException e ? String.valueOf(e.getSQLState()) : "";
    }
}
