package dev.changeover.core.request;

import dev.changeover.core.Changeover;
import dev.changeover.core.control.RepositoryState;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Changes the share of reads that new serves in RAMP. */
final class PercentHandler implements RequestHandler {

    private final Changeover changeover;

    PercentHandler(Changeover changeover) {
        this.changeover = changeover;
    }

    @Override
    public RequestResult handle(Request request) {
        RequestArguments arguments = request.arguments().only("percent", "expectedEpoch", "overrideGates", "dryRun");
        int percent = arguments.percent("percent");
        Long epoch = arguments.numberOrNull("expectedEpoch");
        List<String> repositories = List.of(request.repository());
        Function<RepositoryState, Object> told =
                state -> Map.of("repository", state.name(), "percent", percent, "epoch", state.epoch());
        Switching switching = new Switching(
                changeover,
                request,
                repositories,
                List.of(changeover.gates().beforePercent(request.repository(), percent)),
                "PERCENT",
                told);
        return switching.run(stages -> {
            if (epoch == null) {
                stages.percent(repositories, percent, request.actor(), request.reason());
            } else {
                stages.percentFrom(epoch, null, request.repository(), percent, request.actor(), request.reason());
            }
            return switching.states();
        });
    }
}
