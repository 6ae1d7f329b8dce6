package dev.changeover.core.gate;

/** One named thing that must be so before a repository may go on. Implementations are safe for use by several threads. */
public interface Gate {

    /** Its name in reports and in the history, such as {@code backfill complete}. */
    String name();

    /**
     * Looks whether it is so.
     *
     * @param facts what the control schema says of the repository, all of one instant
     * @throws RuntimeException if it cannot be found out, which counts as {@link GateResult.Verdict#UNKNOWN}
     */
    GateResult check(GateFacts facts);
}
