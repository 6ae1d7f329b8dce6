package dev.changeover.shadowcompare;

/**
 * How a verification finds the keys that may differ. Whatever the mode, what is found is judged by the rules of the
 * {@link ComparedRepository} in the same snapshot, so that all modes accuse the same keys.
 */
public enum VerificationMode {
    /** {@link #JOIN} where both sides have projections onto the same columns, else {@link #JAVA}. */
    AUTO,
    /**
     * The server joins the projections of both sides, range by range; only what differs travels to the application. Sees
     * what the projections yield.
     */
    JOIN,
    /**
     * The server compares a checksum of each range, and looks closer where it differs. Pays where little differs and rows
     * are wide.
     */
    CHECKSUM,
    /** The application reads and compares every key. Works with every store. */
    JAVA
}
