package dev.changeover.console;

import dev.changeover.core.MoveRefusedException;

/** The exit codes. */
final class Exit {
    static final int DONE = 0;
    static final int ERROR = 1;
    static final int USAGE = 2;
    static final int NOT_MET = 3;
    static final int REFUSED = 4;

    private Exit() {}

    static int ofSqlState(String state) {
        return MoveRefusedException.wouldLoseData(state) ? REFUSED : ERROR;
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
