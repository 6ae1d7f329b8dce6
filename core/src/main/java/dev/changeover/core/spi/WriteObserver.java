package dev.changeover.core.spi;

/**
 * Asks for a sample of the dual writes to be read back from both sides, in the transaction that made them, and is shown
 * what was found. Both methods are called on the thread of the caller; they must return at once and must not throw.
 */
public interface WriteObserver {

    /** Asks for nothing. */
    WriteObserver NONE = new WriteObserver() {
        @Override
        public boolean wants(String repository, String operation) {
            return false;
        }

        @Override
        public void checked(CheckedWrite write) {}
    };

    /** Tells whether this write is to be read back; asked once the follower has its state. */
    boolean wants(String repository, String operation);

    /** Takes what was found for one key, after the end of the transaction. */
    void checked(CheckedWrite write);
}
