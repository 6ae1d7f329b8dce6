package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import java.util.List;
import java.util.Set;

/**
 * How both sides hold one key in one snapshot.
 *
 * @param status what is to be thought of it
 * @param differences what differs, whatever the status; empty if equal
 * @param legacy whether legacy has it
 * @param next whether new has it
 * @param forgiving the rules that made something equal
 */
record KeyState(Status status, List<Difference> differences, boolean legacy, boolean next, Set<String> forgiving) {

    enum Status {
        EQUAL,
        ACCEPTED,
        MARKED,
        NOT_YET_BACKFILLED,
        DIFFERENT
    }

    boolean is(Status other) {
        return status == other;
    }
}
