package dev.changeover.core;

/** An entity was changed outside a routed write on the side that does not lead, where the change would be overwritten. */
public final class OutsideChangeException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final String repository;
    private final String key;

    /**
     * Creates the exception.
     *
     * @param repository the name of the repository
     * @param key the key of the entity, as text
     */
    public OutsideChangeException(String repository, String key) {
        super(repository + ": key " + key + " was changed outside its repository, on the side that does not lead."
                + " Save it through the repository");
        this.repository = repository;
        this.key = key;
    }

    /** Returns the name of the repository. */
    public String repository() {
        return repository;
    }

    /** Returns the key, as text. */
    public String key() {
        return key;
    }
}
