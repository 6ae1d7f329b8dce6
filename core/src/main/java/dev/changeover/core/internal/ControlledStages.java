package dev.changeover.core.internal;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Stage;
import dev.changeover.core.Stages;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.RepositoryState;
import java.util.Collection;
import java.util.List;

/** The switch over a control; what this instance changed it sees at once. */
final class ControlledStages implements Stages {

    private final Control control;
    private final Poller poller;
    private final Control.LastKeys lastKeys;

    ControlledStages(Control control, Poller poller, Control.LastKeys lastKeys) {
        this.control = control;
        this.poller = poller;
        this.lastKeys = lastKeys;
    }

    @Override
    public RepositoryState of(String repository) {
        return all().stream()
                .filter(state -> state.name().equals(repository))
                .findAny()
                .orElseThrow(() -> new ConfigurationException(
                        repository, "no such repository in the control schema", "Build it once to register it"));
    }

    @Override
    public List<RepositoryState> all() {
        return control.states();
    }

    @Override
    public RepositoryState move(String repository, Stage target, String actor, String reason) {
        return run(new Move(List.of(repository), target, actor, reason, null)).get(0);
    }

    @Override
    public List<RepositoryState> moveTogether(
            Collection<String> repositories, Stage target, String actor, String reason) {
        return run(new Move(List.copyOf(repositories), target, actor, reason, null));
    }

    @Override
    public RepositoryState moveFrom(long epoch, String repository, Stage target, String actor, String reason) {
        return run(new Move(List.of(repository), target, actor, reason, epoch)).get(0);
    }

    private List<RepositoryState> run(Move move) {
        List<RepositoryState> moved = control.move(move, lastKeys);
        poller.poll();
        return moved;
    }

    @Override
    public void percent(Collection<String> repositories, int percent, String actor, String reason) {
        control.percent(List.copyOf(repositories), percent, actor, reason);
        poller.poll();
    }

    @Override
    public void routeLists(
            String repository, Collection<String> allow, Collection<String> deny, String actor, String reason) {
        control.routeLists(repository, allow, deny, actor, reason);
        poller.poll();
    }
}
