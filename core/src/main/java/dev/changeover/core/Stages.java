package dev.changeover.core;

import dev.changeover.core.control.RepositoryState;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The switch: which stage each repository is in, and how it is moved. Every change is one durable, fenced, audited step
 * in the control schema, so it holds for all instances. {@code select changeover.move(..)} does the same from SQL.
 */
public interface Stages {

    /** Returns the state of a repository as the control schema has it now. */
    RepositoryState of(String repository);

    /** Returns the state of all repositories as the control schema has it now. */
    List<RepositoryState> all();

    /**
     * Moves a repository one stage forward or back.
     *
     * @param actor who asks
     * @param reason why
     * @throws MoveRefusedException if it would lose data or did not get through; nothing was changed then
     * @throws dev.changeover.core.gate.GateNotMetException if a gate of the plan is not passed; nothing was changed then
     */
    RepositoryState move(String repository, Stage target, String actor, String reason);

    /** Moves repositories that depend on each other in one step. */
    List<RepositoryState> moveTogether(Collection<String> repositories, Stage target, String actor, String reason);

    /**
     * Moves a repository if it is still at the epoch that the asker has seen.
     *
     * @throws MoveRefusedException with code {@code CO019} if it is not
     */
    RepositoryState moveFrom(long epoch, String repository, Stage target, String actor, String reason);

    /** Changes the share of reads that new serves in RAMP. */
    void percent(Collection<String> repositories, int percent, String actor, String reason);

    /** Changes the share of reads that new serves in RAMP. */
    default void percent(String repository, int percent, String actor, String reason) {
        percent(List.of(repository), percent, actor, reason);
    }

    /**
     * Changes the share of reads that new serves in RAMP, if the repository is still as the asker has seen it.
     *
     * @param epoch the epoch that the asker has seen
     * @param revision the revision of the percentage that the asker has seen, or null for any
     * @throws MoveRefusedException with code {@code CO019} if somebody has changed it; nothing was changed then
     * @throws dev.changeover.core.gate.GateNotMetException if a gate of the plan is not passed; nothing was changed then
     */
    void percentFrom(long epoch, @Nullable Long revision, String repository, int percent, String actor, String reason);

    /** As {@link #percentFrom(long, Long, String, int, String, String)}, from a state that the asker has seen. */
    default void percentFrom(RepositoryState seen, int percent, String actor, String reason) {
        percentFrom(seen.epoch(), seen.revision(), seen.name(), percent, actor, reason);
    }

    /** Sets the routing keys that new ({@code allow}) or legacy ({@code deny}) serves at any percentage of RAMP. */
    void routeLists(String repository, Collection<String> allow, Collection<String> deny, String actor, String reason);

    /**
     * Returns a switch whose moves need no gates: the reason that each of them gives stands in the history beside what
     * the gates said. What would lose data is refused all the same.
     */
    Stages overridingGates();

    /**
     * Returns a switch that does all that this one does, gates, fence and last copies included, and takes it back at the
     * end instead of committing it. It refuses what this one would refuse, returns what would be, and changes nothing.
     */
    Stages dryRun();
}
