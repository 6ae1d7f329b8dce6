package dev.changeover.core.measure;

/** What became of one comparison. */
public enum Judgement {
    /** The sides are equal. */
    MATCHED,
    /** They differ only where somebody accepts it. */
    ACCEPTED,
    /** They may differ for now: the key is marked, or not yet backfilled. */
    MARKED,
    /** They differ, and it is confirmed. */
    DIVERGED,
    /** It could not be repeated or compared. */
    FAILED,
    /** Nothing is known: it was dropped, shed, or could not be decided. */
    UNCONFIRMED
}
