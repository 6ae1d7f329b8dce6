package dev.changeover.examples;

import dev.changeover.core.Stages;
import dev.changeover.core.control.RepositoryState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far the repositories have come, beside how far the walk has come in its plan. A walk that goes on where a killed
 * one stopped goes through the whole plan and does what is left of it. Nobody else moves these repositories, so an epoch
 * is one more than the moves that were made; a move is one transaction, so a killed one was made or was not.
 */
final class Position {

    private final Stages stages;
    private final Map<String, Long> planned = new HashMap<>();

    Position(Stages stages) {
        this.stages = stages;
        stages.all().forEach(state -> planned.put(state.name(), 1L));
    }

    /** The plan moves these repositories: returns those that have not made this move. */
    List<String> notMoved(List<String> repositories) {
        repositories.forEach(repository -> planned.merge(repository, 1L, Long::sum));
        return repositories.stream()
                .filter(repository -> stages.of(repository).epoch() < planned(repository))
                .toList();
    }

    /** Whether an earlier life has gone on from here. */
    boolean passed() {
        return passed(0);
    }

    /** Whether an earlier life has gone on from where each repository is after so many moves from here. */
    boolean passed(int moves) {
        return stages.all().stream().anyMatch(state -> state.epoch() > planned(state.name()) + moves);
    }

    /** Whether an earlier life has gone on from here or to a higher percentage. */
    boolean passed(List<String> repositories, int percent) {
        return passed() || states(repositories).stream().anyMatch(state -> state.percent() > percent);
    }

    boolean has(List<String> repositories, int percent) {
        return states(repositories).stream().allMatch(state -> state.percent() == percent);
    }

    boolean backfilled(String repository) {
        return stages.of(repository).backfilled();
    }

    private List<RepositoryState> states(List<String> repositories) {
        return repositories.stream().map(stages::of).toList();
    }

    private long planned(String repository) {
        return planned.getOrDefault(repository, 1L);
    }
}
