package dev.changeover.console;

import java.util.Set;

/** The exit codes. */
final class Exit {
    static final int DONE = 0;
    static final int ERROR = 1;
    static final int USAGE = 2;
    static final int NOT_MET = 3;
    static final int REFUSED = 4;

    /**
     * The refusals of {@code changeover.move} and {@code percent} that keep data from being lost: a side that lacks keys,
     * reads or operations that new does not serve yet, open marks, instances under an older stage, dependencies,
     * sentinels that are missing, and legacy tables that were retired or are still in use. The others of the class CO are plain errors: a repository or stage that there is not,
     * another move, a fence that is held, another epoch.
     */
    private static final Set<String> WOULD_LOSE_DATA =
            Set.of("CO011", "CO012", "CO013", "CO014", "CO015", "CO016", "CO022", "CO023", "CO024", "CO025");

    private Exit() {}

    static int ofSqlState(String state) {
        return WOULD_LOSE_DATA.contains(state) ? REFUSED : ERROR;
    }

    static int ofRequest(String state) {
        return switch (state) {
            case "DONE", "WAITING", "RUNNING" -> DONE;
            case "NOT_MET" -> NOT_MET;
            case "REFUSED" -> REFUSED;
            default -> ERROR;
        };
    }
}
