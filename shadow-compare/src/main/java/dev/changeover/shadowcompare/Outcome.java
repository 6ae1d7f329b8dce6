package dev.changeover.shadowcompare;

import dev.changeover.core.measure.Judgement;

/** What became of one read that was chosen for comparison; each read has exactly one. */
public enum Outcome {
    /** Both sides gave the same at the first look. */
    MATCH(Evidence.COMPARED, Judgement.MATCHED),
    /** They differed at the first look, because a write was in flight; in one snapshot they are equal. */
    PASSED(Evidence.COMPARED, Judgement.MATCHED),
    /** They differ only where somebody accepts it until a day that has not come. */
    ACCEPTED(Evidence.COMPARED, Judgement.ACCEPTED),
    /** They differ, and a mark says so: the drain will bring the follower up to date. */
    MARKED(Evidence.EXCUSED, Judgement.MARKED),
    /** The follower lacks what its backfill has not brought yet, or is stamped stale. */
    NOT_YET_BACKFILLED(Evidence.EXCUSED, Judgement.MARKED),
    /** They differ in one snapshot, but so do two answers of the authority itself: the read is not repeatable. */
    UNSTABLE(Evidence.UNCONFIRMED, Judgement.UNCONFIRMED),
    /** They differed at the first look, and no snapshot could be had in which it can be decided. */
    UNCONFIRMED(Evidence.UNCONFIRMED, Judgement.UNCONFIRMED),
    /** They differ in one snapshot although nothing says that they may. */
    DIVERGED(Evidence.COMPARED, Judgement.DIVERGED),
    /** The read could not be repeated or compared. */
    ERROR(Evidence.UNCONFIRMED, Judgement.FAILED),
    /** Too many reads were waiting: this one was not repeated. */
    DROPPED(Evidence.UNCONFIRMED, Judgement.UNCONFIRMED),
    /** The other side had failed too often, or the budget was spent: this one was not repeated. */
    SHED(Evidence.UNCONFIRMED, Judgement.UNCONFIRMED);

    private final Evidence evidence;
    private final Judgement judgement;

    Outcome(Evidence evidence, Judgement judgement) {
        this.evidence = evidence;
        this.judgement = judgement;
    }

    /** Returns as what it is counted beside what other instances compare. */
    Judgement judgement() {
        return judgement;
    }

    /** Returns what this says about the sides, for whoever decides on a move. */
    public Evidence evidence() {
        return evidence;
    }

    /** What an outcome is worth as evidence; a read that was never compared is worth nothing. */
    public enum Evidence {
        /** The sides were compared and judged. */
        COMPARED,
        /** They may differ for now, and something in the database says why. */
        EXCUSED,
        /** Nothing is known: it was dropped, shed, failed, or could not be decided. */
        UNCONFIRMED
    }
}
