package dev.changeover.shadowcompare;

/**
 * What became of an {@link Invariant}.
 *
 * @param name its name
 * @param state whether it holds
 * @param legacy the value of legacy, cut if it is long; empty if it was not judged
 * @param next the value of new
 */
public record InvariantResult(String name, State state, String legacy, String next) {

    /** Whether an invariant holds. */
    public enum State {
        /** Both sides have the same value. */
        HOLDS,
        /** They have not. */
        BROKEN,
        /** Keys were marked whenever it was looked at, so that the sides may differ. */
        NOT_JUDGED
    }
}
