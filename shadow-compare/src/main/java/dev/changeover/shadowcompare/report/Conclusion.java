package dev.changeover.shadowcompare.report;

import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands first: whether it may go on, and what is missing.
 *
 * @param answer the answer for all of them
 * @param headline the same as a sentence
 * @param missing what is missing, a line each; of many the first
 */
record Conclusion(Answer answer, String headline, List<String> missing) {
    private static final int MOST = 6;
    private static final int NAMED = 3;

    static Conclusion of(TransitionReport report) {
        List<RepositoryReport> all = report.repositories();
        long go = count(all, Answer.GO);
        long asked = go + count(all, Answer.WAIT);
        long done = count(all, Answer.DONE);
        if (all.isEmpty()) {
            return new Conclusion(Answer.NOT_ASKED, "No repository is registered.", List.of());
        } else if (done == all.size()) {
            return new Conclusion(Answer.DONE, "Everything has arrived: new alone is used.", List.of());
        } else if (asked == 0) {
            return new Conclusion(
                    Answer.NOT_ASKED, "Nobody was asked whether it may go on.", lines(report, Answer.NOT_ASKED));
        }
        return go == 0
                ? new Conclusion(Answer.WAIT, "Nothing may go on yet.", lines(report, Answer.WAIT))
                : new Conclusion(Answer.GO, able(all, go), lines(report, Answer.WAIT));
    }

    private static String able(List<RepositoryReport> all, long go) {
        if (go > NAMED) {
            return go + " of " + all.size() + " repositories may go on.";
        }
        String names = String.join(
                ", ",
                all.stream()
                        .filter(each -> each.answer() == Answer.GO)
                        .map(RepositoryReport::name)
                        .toList());
        return (go == all.size() ? "" : go + " of " + all.size() + " may go on: ")
                + names
                + (go == all.size() ? " may go on." : ".");
    }

    private static long count(List<RepositoryReport> all, Answer answer) {
        return all.stream().filter(each -> each.answer() == answer).count();
    }

    private static List<String> lines(TransitionReport report, Answer answer) {
        List<String> lines = new ArrayList<>();
        for (RepositoryReport each : report.repositories()) {
            if (each.answer() == answer) {
                String missing = missing(each, report.at());
                if (!missing.isEmpty()) {
                    lines.add(each.name() + ": " + missing);
                }
            }
        }
        if (lines.size() > MOST + 1) {
            int more = lines.size() - MOST;
            lines.subList(MOST, lines.size()).clear();
            lines.add("and " + more + " repositories more, see below");
        }
        return lines;
    }

    /** Returns what one repository lacks, in a line: the open gates of its nearest move, or what the schema tells. */
    static String missing(RepositoryReport report, Instant now) {
        if (report.answer() == Answer.WAIT && report.gates() != null) {
            GateReport nearest = report.gates().moves().get(0);
            return String.join(
                    "; ",
                    nearest.open().stream().map(each -> missing(each, now)).toList());
        }
        return String.join("; ", report.attention());
    }

    private static String missing(GateResult result, Instant now) {
        String what = result.gate() + " – " + (result.missing() == null ? result.value() : result.missing());
        return result.until() == null ? what : what + " (" + until(result.until(), now) + ")";
    }

    static String until(Instant until, Instant now) {
        return until.isAfter(now)
                ? "not before " + Words.moment(until) + ", in " + Words.span(Duration.between(now, until))
                : "due since " + Words.moment(until);
    }
}
