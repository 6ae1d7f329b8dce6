package dev.changeover.core.request;

import dev.changeover.core.Changeover;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.Ladder;
import dev.changeover.core.gate.Ladder.Climbed;
import java.time.Duration;
import java.util.List;

/** Climbs a ladder of percentages. */
final class RampHandler implements RequestHandler {

    private static final List<Integer> USUAL = List.of(10, 25, 50, 100);

    private final Changeover changeover;

    RampHandler(Changeover changeover) {
        this.changeover = changeover;
    }

    @Override
    public RequestResult handle(Request request) {
        RequestArguments arguments = request.arguments().only("steps", "holdSeconds", "expectedEpoch", "dryRun");
        List<Integer> steps = arguments.has("steps") ? arguments.numbers("steps") : USUAL;
        Ladder ladder = new Ladder(steps, Duration.ofSeconds(arguments.number("holdSeconds")));
        RepositoryState from = seen(request);
        Climbed climbed = arguments.flag("dryRun") ? tried(ladder, request, from) : climb(ladder, request, from);
        RequestResult result = climbed.stopped() == null
                ? RequestResult.done()
                : RequestResult.notMet("ramp: it stopped at " + climbed.percent() + " %: " + climbed.stopped());
        return result.with("reached", climbed.percent())
                .with("stopped", climbed.stopped())
                .with("gates", GateValues.reports(ahead(ladder, request, climbed)));
    }

    /** The steps compare with what is returned here, so nothing can come between. */
    private RepositoryState seen(Request request) {
        Long expected = request.arguments().numberOrNull("expectedEpoch");
        RepositoryState state = changeover.stages().of(request.repository());
        if (expected != null && expected != state.epoch()) {
            throw MoveRefusedException.changed(state.name(), expected, state.epoch());
        }
        return state;
    }

    private Climbed climb(Ladder ladder, Request request, RepositoryState from) {
        return ladder.climb(changeover, from, request.actor(), request.reason(), state -> {
            request.progress(state.percent(), 100, "percent");
            return !request.goesOn();
        });
    }

    /** Tries each step and takes it back; what a gate says of time that has to pass it can only say of now. */
    private Climbed tried(Ladder ladder, Request request, RepositoryState state) {
        int reached = state.percent();
        for (int percent : ladder.percents()) {
            request.requireGoesOn();
            try {
                if (percent > reached) {
                    changeover.stages().dryRun().percentFrom(state, percent, request.actor(), request.reason());
                    reached = percent;
                }
            } catch (GateNotMetException e) {
                return new Climbed(reached, e.getMessage());
            }
        }
        return new Climbed(reached, null);
    }

    private List<GateReport> ahead(Ladder ladder, Request request, Climbed climbed) {
        return ladder.percents().stream()
                .filter(percent -> percent > climbed.percent())
                .limit(1)
                .map(percent -> changeover.gates().beforePercent(request.repository(), percent))
                .toList();
    }
}
