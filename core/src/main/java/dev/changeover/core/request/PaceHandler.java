package dev.changeover.core.request;

import dev.changeover.core.Backfill;
import dev.changeover.core.Changeover;

/** Lets the backfill or reseed of a repository pause, go on, or keep to a rate, beside the request that runs it. */
final class PaceHandler implements RequestHandler {

    private static final String RATE = "rowsPerSecond";

    private final Changeover changeover;

    PaceHandler(Changeover changeover) {
        this.changeover = changeover;
    }

    @Override
    public RequestResult handle(Request request) {
        Backfill backfill = changeover.backfill(request.repository());
        switch (request.verb()) {
            case "pause" -> {
                request.arguments().only();
                backfill.pause(request.actor(), request.reason());
            }
            case "resume" -> {
                request.arguments().only();
                backfill.resume(request.actor(), request.reason());
            }
            default -> backfill.limit(rate(request), request.actor(), request.reason());
        }
        return RequestResult.done();
    }

    /** 0 is no limit. */
    private static double rate(Request request) {
        long rate = request.arguments().only(RATE).number(RATE);
        if (rate < 0) {
            throw request.arguments().refused(RATE, "it is " + rate, "Give more than 0, or 0 for no limit");
        }
        return rate == 0 ? Double.MAX_VALUE : rate;
    }

    @Override
    public boolean alongside() {
        return true;
    }
}
