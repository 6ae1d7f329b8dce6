package dev.changeover.core;

/** What becomes of a write to the side that follows, when it does not come through the library. */
public enum Strangers {

    /** It fails with a clear error, and with it the transaction of the writer. The default. */
    REFUSE,

    /** It is let through, its key is marked as a conflict, and the copy that follows undoes it. */
    MARK
}
