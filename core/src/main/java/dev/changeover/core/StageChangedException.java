package dev.changeover.core;

/**
 * The authority of a repository moved between a read and a write of one unit of work, so the write might be computed
 * from what is now the follower's data. Nothing is lost: the transaction is rolled back and can be tried again.
 */
public final class StageChangedException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final String repository;

    /** Creates the exception for a repository. */
    public StageChangedException(String repository) {
        super(repository + ": the authority moved while this unit of work was open. Try the whole unit of work again");
        this.repository = repository;
    }

    /** Returns the name of the repository. */
    public String repository() {
        return repository;
    }
}
