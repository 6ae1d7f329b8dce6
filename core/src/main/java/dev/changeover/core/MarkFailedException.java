package dev.changeover.core;

/**
 * Neither the follower nor the mark could be written, so this unit of work must not commit: a write that the caller saw
 * succeed would be missing on the follower with nothing to tell of it.
 */
public final class MarkFailedException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final String repository;

    /** Creates the exception for a repository, with what failed. */
    public MarkFailedException(String repository, Throwable cause) {
        super(
                repository + ": the follower could not be written and the keys could not be marked; the transaction is"
                        + " rolled back. Try the whole unit of work again",
                cause);
        this.repository = repository;
    }

    /** Returns the name of the repository. */
    public String repository() {
        return repository;
    }
}
