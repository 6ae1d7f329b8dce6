package dev.changeover.core.spi;

/**
 * Is shown reads that were served, so that it can do the same read on the other side. It must return at once and must
 * not throw: it is called on the thread of the caller, between the read and the caller's next line.
 */
public interface ReadObserver {

    /** Observes nothing. */
    ReadObserver NONE = read -> {};

    /** Tells whether reads of this repository are to be shown now; asked before an {@link ObservedRead} is made. */
    default boolean wants(String repository, ReadKind kind, long bucket) {
        return this != NONE;
    }

    /** Takes a read that was served. */
    void observe(ObservedRead read);
}
