package dev.changeover.shadowcompare;

/** What became of one read that was chosen for comparison; each read has exactly one. */
public enum Outcome {
    /** Both sides gave the same at the first look. */
    MATCH,
    /** They differed at the first look, because a write was in flight; in one snapshot they are equal. */
    PASSED,
    /** They differ, and a mark says so: the drain will bring the follower up to date. */
    MARKED,
    /** The follower lacks what its backfill has not brought yet, or is stamped stale. */
    NOT_YET_BACKFILLED,
    /** They differed at the first look, and no snapshot could be had in which it can be decided. */
    UNCONFIRMED,
    /** They differ in one snapshot although nothing says that they may. */
    DIVERGED,
    /** The read could not be repeated or compared. */
    ERROR,
    /** Too many reads were waiting: this one was not repeated. */
    DROPPED,
    /** The other side had failed too often: this one was not repeated. */
    SHED
}
