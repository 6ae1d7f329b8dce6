package dev.changeover.core.gate;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** May we go on, what is missing, and what do we lose if we go back? Asking changes nothing, but for {@link #attest}. */
public interface Gates {

    /**
     * Returns what the gates of a move forward say now.
     *
     * @throws dev.changeover.core.ConfigurationException if the repository is unknown
     */
    GateReport before(String repository, Stage target);

    /** Returns what the gates of this percentage say now; a lower percentage has none. */
    GateReport beforePercent(String repository, int percent);

    /** Returns what the step back from the present stage would cost. */
    BackMove back(String repository);

    /** Returns what gates look at: everything that the control schema says of a repository, at one instant. */
    GateFacts facts(String repository);

    /** Returns for how long stage and percentage have been as they are, or null if nothing was ever changed. */
    @Nullable
    Duration unchangedFor(String repository);

    /** Returns what was done to a repository, oldest first; of a long history the last thousand steps. */
    List<HistoryStep> history(String repository);

    /**
     * Writes into the history that a person vouches for something, such as {@code backup}.
     *
     * @param valid for how long the word holds
     * @param reason what was looked at
     * @throws MoveRefusedException if the repository is unknown or there is no reason
     */
    void attest(String repository, String what, Duration valid, String actor, String reason);
}
