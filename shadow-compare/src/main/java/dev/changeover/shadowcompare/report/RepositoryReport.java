package dev.changeover.shadowcompare.report;

import dev.changeover.core.InstanceStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one repository.
 *
 * @param name its name
 * @param position where it is, and what it lacks
 * @param gates what the application said of its next moves, or null if it was not asked
 * @param instances what each instance has acknowledged, those behind first; at most fifty
 * @param comparisons what was compared
 * @param divergences what differs
 * @param calls what each side served
 * @param copies backfills, reseeds and verifications
 * @param marks what the follower lacks, and who wrote round the library
 * @param history who did what
 */
public record RepositoryReport(
        String name,
        Position position,
        @Nullable GateAnswers gates,
        List<InstanceStatus> instances,
        Comparisons comparisons,
        Divergences divergences,
        Calls calls,
        Copies copies,
        Marks marks,
        History history) {

    /** Copies the list. */
    public RepositoryReport {
        instances = List.copyOf(instances);
    }

    RepositoryReport withGates(@Nullable GateAnswers answers) {
        return new RepositoryReport(
                name, position, answers, instances, comparisons, divergences, calls, copies, marks, history);
    }

    /** Tells whether it may go on. */
    public Answer answer() {
        if (gates == null || gates.moves().isEmpty()) {
            return position.last() ? Answer.DONE : Answer.NOT_ASKED;
        }
        return gates.moves().stream().anyMatch(each -> each.passed()) ? Answer.GO : Answer.WAIT;
    }

    /** Returns a sentence for each thing that somebody should look at, the gravest first. */
    public List<String> attention() {
        return Attention.of(this);
    }
}
