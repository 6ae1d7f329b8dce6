package dev.changeover.core;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A move was refused or gave up; nothing was changed. The message says why and what would help. */
public final class MoveRefusedException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    /** The code of a refusal because somebody has changed what the asker had seen. */
    public static final String CHANGED = "CO019";

    /** The code of a refusal because a restored backup would take the place of something that it does not hold. */
    public static final String RESTORE = "CO026";

    /**
     * The refusals that keep data from being lost: a side that lacks keys, reads or operations that new does not serve yet,
     * open marks, instances under an older stage, dependencies, sentinels that are needed or asleep, legacy tables that
     * were retired or are still in use, and a restore that would lose rows. The others are
     * plain errors: a repository or stage that there is not, another move, a fence that is held, another epoch.
     */
    private static final Set<String> WOULD_LOSE_DATA =
            Set.of("CO011", "CO012", "CO013", "CO014", "CO015", "CO016", "CO022", "CO023", "CO024", "CO025", RESTORE);

    private final String code;

    /**
     * Creates the exception.
     *
     * @param code the SQLSTATE of the refusal: {@code CO014} for open marks, {@code CO015} for lagging instances,
     *     {@code CO018} for transactions that hold the fence, {@code CO019} for an unexpected epoch, and others
     * @param message what was refused, why, and the remedy
     * @param cause the server's answer
     */
    public MoveRefusedException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Returns the refusal of what was asked for at another epoch than the repository is at. */
    public static MoveRefusedException changed(String repository, long expected, long found) {
        return new MoveRefusedException(
                CHANGED,
                repository + ": expected epoch " + expected + ", found " + found
                        + ". Somebody moved it meanwhile: look at changeover.history",
                null);
    }

    /** Tells of any SQLSTATE whether it is a refusal of what would lose data. */
    public static boolean wouldLoseData(String sqlState) {
        return WOULD_LOSE_DATA.contains(sqlState);
    }

    /** Tells whether it was refused because it would lose data; otherwise it failed, and can be tried again. */
    public boolean wouldLoseData() {
        return wouldLoseData(code);
    }

    /** Returns the SQLSTATE of the refusal. */
    public String code() {
        return code;
    }
}
