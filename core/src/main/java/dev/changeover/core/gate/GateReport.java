package dev.changeover.core.gate;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What all gates of a move of one repository found.
 *
 * @param repository the repository
 * @param move the move, such as {@code RAMP -> NEW_PRIMARY} or {@code 25 % -> 50 %}
 * @param results one for each gate, in the order of the plan
 */
public record GateReport(String repository, String move, List<GateResult> results) {

    /** Copies the results. */
    public GateReport {
        results = List.copyOf(results);
    }

    /** Tells whether every gate is passed. */
    public boolean passed() {
        return results.stream().allMatch(GateResult::passed);
    }

    /** Returns the results of the gates that are in the way. */
    public List<GateResult> open() {
        return results.stream().filter(result -> !result.passed()).toList();
    }

    /** Returns a line for each gate that is in the way, for people. */
    public String missing() {
        return open().stream()
                .map(result -> result.gate() + ": " + result.verdict() + ", " + result.value() + " (wanted: "
                        + result.limit() + "). " + result.missing()
                        + (result.until() == null ? "" : ", at the earliest " + result.until()))
                .collect(Collectors.joining("\n"));
    }
}
