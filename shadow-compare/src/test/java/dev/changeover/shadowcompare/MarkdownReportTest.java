package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void aReportShowsStagesReadsDivergencesAndTheLastVerification() {
        InMemoryDivergenceLog log = new InMemoryDivergenceLog();
        log.add(List.of(new Divergence(
                "users", "find", "a|b", new Difference("name", Kind.VALUE, "<String>", "<String>\nx"), 3, THEN)));

        String report = MarkdownReport.of(new ShadowSummary(
                THEN,
                Map.of("users", Stage.SHADOW, "rooms", Stage.DUAL_WRITE),
                new ShadowCounters(List.of(new OperationCounts(
                        "users", "find", Map.of(Outcome.MATCH, 1_000L, Outcome.DIVERGED, 1L, Outcome.DROPPED, 7L)))),
                log.groups(),
                List.of(new VerificationResult<>(
                        1L,
                        "users",
                        VerificationMode.JAVA,
                        Verdict.DIVERGED,
                        new VerificationCounts(5, 4, 3, 1, 1, 0, 0, 0),
                        Map.of("", 1L, "name", 1L),
                        Map.of(),
                        List.of(),
                        List.of(),
                        2,
                        List.of(),
                        THEN,
                        Duration.ofSeconds(12)))));

        assertThat(report).isEqualTo("""
                        # Shadow report, 2026-01-02T03:04:05Z

                        ## Stages

                        | repository | stage |
                        | --- | --- |
                        | rooms | DUAL_WRITE |
                        | users | SHADOW |

                        ## Compared reads

                        | operation | match | passed | accepted | marked | not yet backfilled | unstable | unconfirmed | diverged | error | dropped | shed |
                        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                        | users.find | 1000 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 7 | 0 |

                        ## Divergences

                        1 in all, 1 unreviewed, 0 of them a regression.

                        | state | owner | ticket | until | operation | path | kind | count | first seen | last seen | for example |
                        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                        | NEW |  |  |  | users.find | name | VALUE | 1 | 2026-01-02T03:04:05Z | 2026-01-02T03:04:05Z | a\\|b: &lt;String> / &lt;String>\\\\u000ax |

                        ## Last verification

                        | repository | verdict | compared | different | missing | extra | unmappable | marked | fields | started | took | errors |
                        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                        | users | DIVERGED | 5 | 1 | 1 | 0 | 0 | 0 | (whole) 1, name 1 | 2026-01-02T03:04:05Z | PT12S |  |
                        """);
    }

    @Test
    void anEmptyReportSaysSo() {
        String report = MarkdownReport.of(
                new ShadowSummary(THEN, Map.of(), new ShadowCounters(List.of()), List.of(), List.of()));

        assertThat(report).contains("## Divergences\n\nNone.");
    }

    @Test
    void regressionsComeFirstThenWhatNobodyHasDecidedThenTheRest() {
        String report = report(
                List.of(
                        group("explained", new Review(ReviewState.EXPLAINED, "ann", "A-1", THEN.plusSeconds(9), 1)),
                        group("fixed", new Review(ReviewState.FIXED, "ann", null, null, 1)),
                        group("expired", new Review(ReviewState.EXPLAINED, "bob", "B-2", THEN, 1)),
                        group("new", Review.NONE),
                        group("todo", new Review(ReviewState.TO_BE_FIXED, "eve", "C-3", null, 1)),
                        group("again", new Review(ReviewState.REGRESSION, "ann", "D-4", null, 2))),
                Map.of("users", 12L, "rooms", 3L));

        assertThat(report)
                .contains("6 in all, 3 unreviewed, 1 of them a regression.")
                .contains("15 more were confirmed but not kept apart, and count as unconfirmed: rooms 3, users 12.")
                .containsSubsequence(
                        "| REGRESSION | ann | D-4 |  | users.find | again |",
                        "| EXPLAINED, expired | bob | B-2 | 2026-01-02T03:04:05Z | users.find | expired |",
                        "| NEW |  |  |  | users.find | new |",
                        "| TO_BE_FIXED | eve | C-3 |  | users.find | todo |",
                        "| EXPLAINED | ann | A-1 | 2026-01-02T03:04:14Z | users.find | explained |",
                        "| FIXED | ann |  |  | users.find | fixed |");
    }

    @Test
    void aHostileValueIsNeitherMarkupNorALinkNorALine() {
        String hostile = "<img src=x onerror=alert(1)> [a](javascript:b) ![c](d) `e` **f** _g_ ~~h~~ \\| $i$"
                + " https://evil.example www.evil.example\n# title\r\u001b[31m\u202e&lt;";

        String report = report(
                List.of(group(hostile, new Review(ReviewState.TO_BE_FIXED, hostile, "x".repeat(10_000_000), null, 1))),
                Map.of(hostile, 1L));

        assertThat(report)
                .hasSizeLessThan(20_000)
                .doesNotContain("<img", "\u001b", "\u202e", "\r", "\n# title")
                .contains("&lt;img src=x onerror=alert(1)> \\[a](javascript:b) !\\[c](d) \\`e\\` \\*\\*f\\*\\* \\_g\\_"
                        + " \\~\\~h\\~\\~ \\\\\\| \\$i\\$ https\\://evil.example www\\.evil.example\\\\u000a# title"
                        + "\\\\u000d\\\\u001b\\[31m\\\\u202e&amp;lt;");
        assertThat(report.lines().filter(line -> line.contains("TO_BE_FIXED")))
                .singleElement()
                .satisfies(line ->
                        assertThat(line.split("(?<!\\\\)(\\\\\\\\)*\\|", -1)).hasSize(13));
    }

    private static DivergenceGroup group(String path, Review review) {
        return new DivergenceGroup(1, "users", "find", path, Kind.VALUE, 1, 3, THEN, THEN, List.of(), review);
    }

    private static String report(List<DivergenceGroup> groups, Map<String, Long> shed) {
        return MarkdownReport.of(
                new ShadowSummary(THEN, Map.of(), new ShadowCounters(List.of()), groups, shed, List.of()));
    }
}
