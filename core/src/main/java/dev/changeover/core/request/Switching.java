package dev.changeover.core.request;

import dev.changeover.core.Changeover;
import dev.changeover.core.Stages;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GateReport;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a move and a change of percentage have in common.
 *
 * @param gates what the gates say of each of the repositories
 * @param action what the history calls it
 * @param told what is told of a repository afterwards
 */
record Switching(
        Changeover changeover,
        Request request,
        List<String> repositories,
        List<GateReport> gates,
        String action,
        Function<RepositoryState, Object> told) {

    /** Does it, unless an earlier attempt has; rolls it back at its end if only its effect is asked for. */
    RequestResult run(Function<Stages, List<RepositoryState>> change) {
        boolean dryRun = request.arguments().flag("dryRun");
        try {
            boolean done = doneBefore();
            request.requireGoesOn(); // gates may have taken long, and another instance may have done it since
            List<RepositoryState> after = done ? states() : change.apply(stages(dryRun));
            return result(RequestResult.done(), dryRun, after);
        } catch (GateNotMetException e) {
            return result(RequestResult.notMet(String.valueOf(e.getMessage())), dryRun, List.of());
        }
    }

    private Stages stages(boolean dryRun) {
        boolean override = request.arguments().flag("overrideGates");
        Stages stages = override ? changeover.stages().overridingGates() : changeover.stages();
        return dryRun ? stages.dryRun() : stages;
    }

    List<RepositoryState> states() {
        return changeover.stages().all().stream()
                .filter(state -> repositories.contains(state.name()))
                .toList();
    }

    /** An instance that died may have committed it; the reason in the history has the number of the request. */
    private boolean doneBefore() {
        return request.attempt() > 1
                && changeover.gates().history(request.repository()).stream()
                        .anyMatch(step ->
                                step.action().equals(action) && step.reason().equals(request.reason()));
    }

    private RequestResult result(RequestResult result, boolean dryRun, List<RepositoryState> after) {
        return result.with("moved", after.stream().map(told).toList())
                .with("dryRun", dryRun)
                .with("gates", GateValues.reports(gates));
    }

    static Function<RepositoryState, Object> telling(String name, Function<RepositoryState, Object> value) {
        return state -> Map.of("repository", state.name(), name, value.apply(state), "epoch", state.epoch());
    }

    static void eachOnce(List<String> repositories, Consumer<String> refuse) {
        repositories.stream()
                .filter(name -> repositories.indexOf(name) != repositories.lastIndexOf(name))
                .findAny()
                .ifPresent(refuse);
    }
}
