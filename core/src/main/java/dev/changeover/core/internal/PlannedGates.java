package dev.changeover.core.internal;

import dev.changeover.core.Stage;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.BackMove.Verdict;
import dev.changeover.core.gate.Gate;
import dev.changeover.core.gate.GateFacts;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.Gates;
import dev.changeover.core.gate.HistoryStep;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gates of a plan, asked about facts of the control schema. */
final class PlannedGates implements Gates {

    private final Control control;
    private final GatePlan plan;

    PlannedGates(Control control, GatePlan plan) {
        this.control = control;
        this.plan = plan;
    }

    @Override
    public GateReport before(String repository, Stage target) {
        GateFacts facts = control.gateFacts(repository);
        Stage now = facts.status().state().stage();
        boolean forward = target.compareTo(now) > 0;
        return report(facts, now + " -> " + target, forward ? plan.before(target) : List.of());
    }

    @Override
    public GateReport beforePercent(String repository, int percent) {
        GateFacts facts = control.gateFacts(repository);
        int now = facts.status().state().percent();
        return report(facts, now + " % -> " + percent + " %", percent > now ? plan.beforePercent() : List.of());
    }

    private static GateReport report(GateFacts facts, String move, List<Gate> gates) {
        List<GateResult> results = gates.stream().map(gate -> ask(gate, facts)).toList();
        return new GateReport(facts.status().state().name(), move, results);
    }

    private static GateResult ask(Gate gate, GateFacts facts) {
        try {
            return gate.check(facts);
        } catch (RuntimeException e) {
            return GateResult.unknown(gate, e.getClass().getSimpleName(), "an answer", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public BackMove back(String repository) {
        GateFacts facts = control.gateFacts(repository);
        RepositoryState state = facts.status().state();
        return switch (state.stage()) {
            case LEGACY_ONLY -> back(state, null, Verdict.SAFE, List.of(), "There is no stage before this one.");
            case DUAL_WRITE ->
                back(
                        state,
                        Stage.LEGACY_ONLY,
                        Verdict.SAFE,
                        List.of(),
                        "Legacy leads and has everything. New is no"
                                + " longer written, is stamped stale and comes back by a reseed.");
            case SHADOW, RAMP ->
                back(state, before(state), Verdict.SAFE, List.of(), "Legacy leads and has everything.");
            case NEW_PRIMARY -> fromNewPrimary(facts);
            case NEW_ONLY ->
                back(
                        state,
                        Stage.NEW_PRIMARY,
                        Verdict.SAFE,
                        List.of(),
                        "New goes on to lead. Legacy is written again,"
                                + " but it has missed what was written since: reseed it before a further step back.");
        };
    }

    private static Stage before(RepositoryState state) {
        return Stage.values()[state.stage().ordinal() - 1];
    }

    private static BackMove fromNewPrimary(GateFacts facts) {
        RepositoryState state = facts.status().state();
        long marks = facts.status().marks();
        if (state.stale() != null) {
            return back(state, Stage.RAMP, Verdict.LOSSY, List.of(), "Legacy is stamped stale: reseed it first.");
        } else if (!facts.parkedKeys().isEmpty()) {
            return back(
                    state,
                    Stage.RAMP,
                    Verdict.LOSSY,
                    facts.parkedKeys(),
                    facts.status().parked()
                            + " keys could not be brought to legacy; see changeover.attempt for why, and mend them first.");
        } else if (marks > 0) {
            return back(state, Stage.RAMP, Verdict.SAFE_AFTER_DRAIN, List.of(), marks + " marks are not drained yet.");
        }
        return back(state, Stage.RAMP, Verdict.SAFE, List.of(), "Legacy has everything that new has.");
    }

    private static BackMove back(
            RepositoryState state, @Nullable Stage to, Verdict verdict, List<String> keys, String explanation) {
        return new BackMove(state.name(), state.stage(), to, verdict, keys, explanation);
    }

    @Override
    public GateFacts facts(String repository) {
        return control.gateFacts(repository);
    }

    @Override
    public @Nullable Duration unchangedFor(String repository) {
        return control.gateFacts(repository).unchangedFor();
    }

    @Override
    public List<HistoryStep> history(String repository) {
        return control.gateFacts(repository).history();
    }

    @Override
    public void attest(String repository, String what, Duration valid, String actor, String reason) {
        control.attest(repository, what, valid, actor, reason);
    }
}
