package dev.changeover.shadowcompare.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody should look at, as far as the control schema tells. */
final class Attention {

    private Attention() {}

    static List<String> of(RepositoryReport report) {
        List<String> all = new ArrayList<>();
        divergences(report.divergences().totals(), all);
        copies(report.copies(), all);
        position(report.position(), all);
        marks(report.marks(), all);
        if (report.position().stage().shadowed() && report.comparisons().total().decided() == 0) {
            all.add("nothing was compared in this time, though the stage compares");
        }
        return all;
    }

    private static void divergences(Divergences.Totals totals, List<String> all) {
        add(
                all,
                totals.regressions(),
                " came back after it was mended",
                " came back after they were mended",
                "divergence group");
        add(all, totals.unreviewed(), " that nobody has decided about", null, "divergence group");
        add(all, totals.shed(), " confirmed but not kept apart", null, "divergence");
    }

    private static void copies(Copies copies, List<String> all) {
        Copies.Run last = copies.verifications().stream()
                .filter(Copies.Run::telling)
                .findFirst()
                .orElse(null);
        if (last != null && !"MATCH".equals(last.verdict())) {
            all.add("the last verification ended with " + last.verdict());
        }
        copies.jobs().stream()
                .filter(job -> !job.finished())
                .forEach(job -> all.add("the " + Words.lower(job.job()) + " is not finished"));
    }

    private static void position(Position position, List<String> all) {
        if (position.stale() != null) {
            all.add(Words.lower(position.stale()) + " has missed writes and needs a reseed");
        }
        add(all, position.behind(), " behind the present epoch or percentage", null, "instance");
        if (position.inTheWay() != null) {
            all.add("a move would wait for open transactions");
        }
    }

    private static void marks(Marks marks, List<String> all) {
        add(all, marks.parkedKeys(), " parked until somebody looks", null, "key");
        add(all, marks.count(), " open", null, "mark");
        add(all, marks.foreignChanges(), " changed round the library", null, "row");
    }

    private static void add(List<String> all, long count, String tail, @Nullable String tails, String what) {
        if (count > 0) {
            all.add(Words.count(count, what) + (count == 1 || tails == null ? tail : tails));
        }
    }
}
