package dev.changeover.core;

/**
 * A unit of work changed an entity that a read had returned, and no write saved it. On the legacy side an object mapper
 * may have flushed such a change by itself; where new leads nothing does, so it would be lost in silence. The transaction
 * is rolled back: save the entity through its repository.
 */
public final class UnsavedChangeException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final String repository;
    private final String operation;
    private final String key;

    /** Creates the exception for an entity. */
    public UnsavedChangeException(String repository, String operation, String key) {
        super(repository + ": an entity that " + operation + " returned, with the key " + key
                + ", was changed and never saved; the transaction is rolled back. Save it through its repository");
        this.repository = repository;
        this.operation = operation;
        this.key = key;
    }

    /** Returns the name of the repository. */
    public String repository() {
        return repository;
    }

    /** Returns the operation that returned the entity. */
    public String operation() {
        return operation;
    }

    /** Returns the key as text. */
    public String key() {
        return key;
    }
}
