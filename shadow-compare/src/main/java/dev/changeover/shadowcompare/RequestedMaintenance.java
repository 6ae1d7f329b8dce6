package dev.changeover.shadowcompare;

import dev.changeover.core.Changeover;
import dev.changeover.core.MaintenanceResult;
import dev.changeover.core.MaintenanceStep;
import dev.changeover.core.MaintenanceWindow;
import dev.changeover.core.request.Request;
import dev.changeover.core.request.RequestArguments;
import dev.changeover.core.request.RequestHandler;
import dev.changeover.core.request.RequestResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Moves repositories in one maintenance window, because somebody asked for it. */
final class RequestedMaintenance implements RequestHandler {

    private static final long MINUTES = 5;

    private final Changeover changeover;
    private final Predicate<String> equal;

    /**
     * @param equal compares both sides of a repository and tells whether they are equal
     */
    RequestedMaintenance(Changeover changeover, Predicate<String> equal) {
        this.changeover = changeover;
        this.equal = equal;
    }

    @Override
    public RequestResult handle(Request request) {
        RequestArguments arguments = request.arguments().only("with", "to", "atMostSeconds");
        List<String> repositories = new ArrayList<>(List.of(request.repository()));
        if (arguments.has("with")) {
            repositories.addAll(arguments.texts("with"));
        }
        MaintenanceWindow window = changeover
                .maintenance(repositories.toArray(String[]::new))
                .verifiedBy(() -> repositories.stream().allMatch(equal))
                .telling(step -> request.progress(0, 0, step.what()));
        if (arguments.has("to")) {
            window = window.to(arguments.stage("to"));
        }
        long seconds = arguments.has("atMostSeconds")
                ? arguments.number("atMostSeconds")
                : Duration.ofMinutes(MINUTES).toSeconds();
        request.requireGoesOn();
        return told(window.atMost(Duration.ofSeconds(seconds)).run(request.actor(), request.reason()));
    }

    private static RequestResult told(MaintenanceResult ended) {
        RequestResult result =
                ended.done() ? RequestResult.done() : RequestResult.notMet("maintain: " + ended.failure());
        return result.with("stage", ended.stage())
                .with(
                        "steps",
                        ended.steps().stream().map(RequestedMaintenance::shown).toList());
    }

    private static Map<String, Object> shown(MaintenanceStep step) {
        return Map.of("what", step.what(), "millis", step.took().toMillis());
    }
}
