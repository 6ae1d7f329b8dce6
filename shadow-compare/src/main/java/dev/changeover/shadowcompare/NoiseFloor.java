package dev.changeover.shadowcompare;

/**
 * How often one operation differs from itself: the authority is asked a second time beside the other side. What differs
 * here differs by writes in between, by the clock or by chance, not by the side that answers.
 *
 * @param rereads how often the serving side was asked again
 * @param unstable how often its second answer differed from the one that it had served
 * @param servedNanos the median time of the second answer, in nanoseconds
 * @param otherNanos the median time of the other side's answer to the same reads, in nanoseconds; which side comes first
 *     is left to chance
 */
public record NoiseFloor(long rereads, long unstable, long servedNanos, long otherNanos) {

    /** Nothing was asked twice. */
    public static final NoiseFloor NONE = new NoiseFloor(0, 0, 0, 0);
}
