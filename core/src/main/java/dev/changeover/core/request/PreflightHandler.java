package dev.changeover.core.request;

import dev.changeover.core.Changeover;
import dev.changeover.core.backfill.Finding;
import dev.changeover.core.backfill.Preflight;
import java.util.LinkedHashMap;
import java.util.Map;

/** Looks for what a backfill would meet. Changes nothing, so it may run beside anything. */
final class PreflightHandler implements RequestHandler {

    private final Changeover changeover;

    PreflightHandler(Changeover changeover) {
        this.changeover = changeover;
    }

    @Override
    public RequestResult handle(Request request) {
        Long most = request.arguments().only("most").numberOrNull("most");
        Preflight found = changeover
                .backfill(request.repository())
                .preflight(most == null ? Long.MAX_VALUE : Math.max(0, most), walked -> {
                    request.progress(walked, 0, "rows");
                    request.requireGoesOn();
                });
        RequestResult result = found.clean()
                ? RequestResult.done()
                : RequestResult.notMet("a backfill would park rows, or not all rows were tried; see the findings");
        return result.with("rows", found.rows())
                .with("walked", found.walked())
                .with("complete", found.complete())
                .with("estimatedSeconds", found.estimated().toSeconds())
                .with(
                        "findings",
                        found.findings().stream().map(PreflightHandler::values).toList());
    }

    private static Map<String, Object> values(Finding finding) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("severity", finding.severity().name());
        values.put("what", finding.what());
        values.put("count", finding.count());
        values.put("keys", finding.keys());
        values.put("remedy", finding.remedy());
        return values;
    }

    @Override
    public boolean alongside() {
        return true;
    }
}
