package dev.changeover.core.request;

import dev.changeover.core.Backfill;
import dev.changeover.core.Changeover;

/** Takes the stamp of a reseeded side away. */
final class AcceptHandler implements RequestHandler {

    private final Changeover changeover;

    AcceptHandler(Changeover changeover) {
        this.changeover = changeover;
    }

    @Override
    public RequestResult handle(Request request) {
        RequestArguments arguments = request.arguments().only("unverified", "dryRun");
        boolean dryRun = arguments.flag("dryRun");
        String side =
                String.valueOf(changeover.stages().of(request.repository()).stale());
        if (!doneBefore(request)) {
            Backfill backfill = changeover.backfill(request.repository());
            accept(dryRun ? backfill.dryRun() : backfill, request, arguments.flag("unverified"));
        }
        return RequestResult.done().with("accepted", side).with("dryRun", dryRun);
    }

    private static void accept(Backfill backfill, Request request, boolean unverified) {
        if (unverified) {
            backfill.acceptUnverified(request.actor(), request.reason());
        } else {
            backfill.accept(request.actor(), request.reason());
        }
    }

    /** An instance that died may have committed it; the reason in the history has the number of the request. */
    private boolean doneBefore(Request request) {
        return request.attempt() > 1
                && changeover.gates().history(request.repository()).stream()
                        .anyMatch(step ->
                                step.action().equals("SETTLE") && step.reason().endsWith(request.reason()));
    }
}
