package dev.changeover.core.request;

import dev.changeover.core.Backfill;
import dev.changeover.core.Changeover;
import java.util.List;
import java.util.Map;

/** The verbs that need no more than what is in core. */
final class StandardHandlers {

    private StandardHandlers() {}

    static Map<String, RequestHandler> of(Changeover changeover) {
        return Map.of(
                "gates", new GatesHandler(changeover),
                "move", new MoveHandler(changeover),
                "percent", new PercentHandler(changeover),
                "ramp", new RampHandler(changeover),
                "backfill", new CopyHandler(changeover, Backfill::run),
                "reseed", new CopyHandler(changeover, Backfill::reseed),
                "accept", new AcceptHandler(changeover),
                "drain", request -> drain(changeover, request),
                "retry_parked", request -> retryParked(changeover, request));
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
