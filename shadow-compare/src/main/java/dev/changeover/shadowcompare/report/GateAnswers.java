package dev.changeover.shadowcompare.report;

import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.shadowcompare.internal.PlainText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the application said of the moves of one repository.
 *
 * @param moves what the gates of each move found
 * @param back what a step back would cost, or null if that was not asked
 */
public record GateAnswers(List<GateReport> moves, @Nullable BackMove back) {

    private static final int MOST = 100;

    /** Copies the list. */
    public GateAnswers {
        moves = List.copyOf(moves);
    }

    /** Returns what is said of this repository, or null if nothing is. */
    static @Nullable GateAnswers of(String repository, List<GateReport> moves, List<BackMove> back) {
        List<GateReport> own = moves.stream()
                .filter(each -> each.repository().equals(repository))
                .map(GateAnswers::plain)
                .limit(MOST)
                .toList();
        BackMove one = back.stream()
                .filter(each -> each.repository().equals(repository))
                .findFirst()
                .map(GateAnswers::plain)
                .orElse(null);
        return own.isEmpty() && one == null ? null : new GateAnswers(own, one);
    }

    private static GateReport plain(GateReport report) {
        return new GateReport(
                report.repository(),
                plain(report.move()),
                report.results().stream().map(GateAnswers::plain).limit(MOST).toList());
    }

    private static GateResult plain(GateResult result) {
        return new GateResult(
                plain(result.gate()),
                result.verdict(),
                plain(result.value()),
                plain(result.limit()),
                result.missing() == null ? null : plain(result.missing()),
                result.until());
    }

    private static BackMove plain(BackMove back) {
        return new BackMove(
                back.repository(),
                back.from(),
                back.to(),
                back.verdict(),
                back.keys().stream().limit(MOST).map(GateAnswers::plain).toList(),
                plain(back.explanation()));
    }

    private static String plain(String text) {
        return PlainText.of(text, Row.SENTENCE);
    }

    /** Returns how much of the wait for a gate is over, from 0 to 1, or null if nobody knows when it ends. */
    static @Nullable Double progress(GateResult result, @Nullable Instant from, Instant now) {
        Instant until = result.until();
        if (from == null || until == null || !until.isAfter(now) || !from.isBefore(now)) {
            return null;
        }
        return (double) Duration.between(from, now).toMillis()
                / Math.max(
                        1, Duration.between(from, Objects.requireNonNull(until)).toMillis());
    }
}
