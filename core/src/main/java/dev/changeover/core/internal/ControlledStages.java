package dev.changeover.core.internal;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Stage;
import dev.changeover.core.Stages;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.PercentChange;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.Gates;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The switch over a control; what this instance changed it sees at once. */
final class ControlledStages implements Stages {

    private final Control control;
    private final Poller poller;
    private final Control.LastKeys lastKeys;
    private final GatePlan plan;
    private final Gates gates;
    private final boolean overriding;
    private final boolean dry;

    ControlledStages(Control control, Poller poller, Control.LastKeys lastKeys, GatePlan plan) {
        this(control, poller, lastKeys, plan, false, false);
    }

    private ControlledStages(
            Control control, Poller poller, Control.LastKeys lastKeys, GatePlan plan, boolean overriding, boolean dry) {
        this.control = control;
        this.poller = poller;
        this.lastKeys = lastKeys;
        this.plan = plan;
        this.gates = new PlannedGates(control, plan);
        this.overriding = overriding;
        this.dry = dry;
    }

    Gates gates() {
        return gates;
    }

    @Override
    public Stages overridingGates() {
        return new ControlledStages(control, poller, lastKeys, plan, true, dry);
    }

    @Override
    public Stages dryRun() {
        return new ControlledStages(control, poller, lastKeys, plan, overriding, true);
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

    private List<RepositoryState> run(Move asked) {
        String evidence = plan.before(asked.target()).isEmpty()
                ? null
                : pass(asked.repositories(), name -> gates.before(name, asked.target()));
        Move move = new Move(
                asked.repositories(),
                asked.target(),
                asked.actor(),
                asked.reason(),
                asked.expectedEpoch(),
                evidence,
                dry);
        List<RepositoryState> moved = control.move(move, lastKeys);
        poller.poll();
        return moved;
    }

    /** Returns what the gates said; whoever overrides them leaves that in the history. */
    private @Nullable String pass(Collection<String> repositories, Function<String, GateReport> report) {
        List<GateReport> reports = repositories.stream().map(report).toList();
        List<GateReport> closed =
                reports.stream().filter(each -> !each.passed()).toList();
        if (!closed.isEmpty() && !overriding) {
            throw new GateNotMetException(closed);
        }
        return Evidence.json(reports, !closed.isEmpty());
    }

    @Override
    public void percent(Collection<String> repositories, int percent, String actor, String reason) {
        run(new PercentChange(List.copyOf(repositories), percent, actor, reason));
    }

    @Override
    public void percentFrom(
            long epoch, @Nullable Long revision, String repository, int percent, String actor, String reason) {
        run(new PercentChange(List.of(repository), percent, actor, reason, epoch, revision, null, false));
    }

    private void run(PercentChange asked) {
        String evidence = plan.beforePercent().isEmpty()
                ? null
                : pass(asked.repositories(), name -> gates.beforePercent(name, asked.percent()));
        PercentChange change = asked.with(evidence);
        control.percent(dry ? change.dry() : change);
        poller.poll();
    }

    @Override
    public void routeLists(
            String repository, Collection<String> allow, Collection<String> deny, String actor, String reason) {
        if (dry) {
            throw new UnsupportedOperationException("lists of routing keys have no dry run; they only route reads");
        }
        control.routeLists(repository, allow, deny, actor, reason);
        poller.poll();
    }
}
