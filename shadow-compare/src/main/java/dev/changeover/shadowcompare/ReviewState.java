package dev.changeover.shadowcompare;

/** What people have decided about a group of divergences. */
public enum ReviewState {
    /** Nobody has decided yet. */
    NEW,
    /** The difference is meant: its owner answers for that until it expires, and from then on it is unreviewed again. */
    EXPLAINED,
    /** The difference is a fault that is still there. */
    TO_BE_FIXED,
    /** The fault has been mended. */
    FIXED,
    /** It was seen again after it had been mended. Nobody gives this state; the library does. */
    REGRESSION
}
