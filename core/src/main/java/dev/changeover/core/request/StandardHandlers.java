package dev.changeover.core.request;

import static java.util.Map.entry;

import dev.changeover.core.Backfill;
import dev.changeover.core.Changeover;
import java.util.List;
import java.util.Map;

/** The verbs that need no more than what is in core. */
final class StandardHandlers {

    private StandardHandlers() {}

    static Map<String, RequestHandler> of(Changeover changeover) {
        RequestHandler pace = new PaceHandler(changeover);
        return Map.ofEntries(
                entry("gates", new GatesHandler(changeover)),
                entry("move", new MoveHandler(changeover)),
                entry("percent", new PercentHandler(changeover)),
                entry("ramp", new RampHandler(changeover)),
                entry("preflight", new PreflightHandler(changeover)),
                entry("backfill", new CopyHandler(changeover, Backfill::run)),
                entry("reseed", new CopyHandler(changeover, Backfill::reseed)),
                entry("accept", new AcceptHandler(changeover)),
                entry("pause", pace),
                entry("resume", pace),
                entry("limit", pace),
                entry("drain", request -> drain(changeover, request)),
                entry("retry_parked", request -> retryParked(changeover, request)));
    }

    private static RequestResult drain(Changeover changeover, Request request) {
        request.arguments().only();
        return RequestResult.done().with("left", changeover.drain().drainNow(request.repository()));
    }

    private static RequestResult retryParked(Changeover changeover, Request request) {
        List<String> keys = request.arguments().only("keys").texts("keys");
        long retried = keys.isEmpty()
                ? changeover.drain().retryParked(request.repository())
                : changeover.drain().retryParked(request.repository(), keys);
        return RequestResult.done().with("retried", retried);
    }
}
