package dev.changeover.core.request;

import dev.changeover.core.Backfill;
import dev.changeover.core.BackfillProgress;
import dev.changeover.core.BackfillProgress.Remaining;
import dev.changeover.core.Changeover;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Runs a backfill or a reseed. */
final class CopyHandler implements RequestHandler {

    private final Changeover changeover;
    private final BiFunction<Backfill, Consumer<BackfillProgress>, BackfillProgress> job;

    CopyHandler(Changeover changeover, BiFunction<Backfill, Consumer<BackfillProgress>, BackfillProgress> job) {
        this.changeover = changeover;
        this.job = job;
    }

    @Override
    public RequestResult handle(Request request) {
        boolean dryRun = request.arguments().only("dryRun").flag("dryRun");
        Backfill backfill = changeover.backfill(request.repository());
        BackfillProgress last = job.apply(dryRun ? backfill.dryRun() : backfill, progress -> told(request, progress));
        return RequestResult.done()
                .with("rows", last.rows())
                .with("skipped", last.skipped())
                .with("parked", last.parked())
                .with("finished", last.finished())
                .with("dryRun", dryRun);
    }

    private static Map<String, Object> more(BackfillProgress progress) {
        Map<String, Object> more = new HashMap<>();
        more.put("rate", Math.round(progress.rowsPerSecond()));
        more.put("workers", progress.workers());
        Remaining remaining = progress.remaining();
        if (remaining != null) {
            more.put("leastSeconds", remaining.least().toSeconds());
            more.put("likelySeconds", remaining.likely().toSeconds());
            more.put("mostSeconds", remaining.most().toSeconds());
        }
        if (progress.held() != null) {
            more.put("held", progress.held());
        }
        return more;
    }

    private static void told(Request request, BackfillProgress progress) {
        request.progress(progress.rows(), progress.total(), "rows", more(progress));
        if (!progress.finished()) {
            request.requireGoesOn();
        }
    }
}
