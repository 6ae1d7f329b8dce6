package dev.changeover.core.backfill;

/**
 * What a {@link HealthSignal} says. Immutable.
 *
 * @param verdict what it means for the job
 * @param reason what was seen, for people; empty if all is well
 */
public record Health(Verdict verdict, String reason) {

    /** All is well. */
    public static final Health GOOD = new Health(Verdict.GOOD, "");

    /** What it means for the job, the least first. */
    public enum Verdict {
        /** Nobody suffers. */
        GOOD,
        /** It cannot be told, as where the role lacks a right; holds nothing up. */
        UNKNOWN,
        /** The job works a quarter of the time. */
        SLOW,
        /** The job waits. */
        PAUSE
    }

    /** Returns that the job should be slow if the value is above the one limit, and wait if it is above the other. */
    static Health above(double value, double slow, double pause, String reason) {
        Verdict verdict = value > pause ? Verdict.PAUSE : value > slow ? Verdict.SLOW : Verdict.GOOD;
        return verdict == Verdict.GOOD ? GOOD : new Health(verdict, reason);
    }
}
