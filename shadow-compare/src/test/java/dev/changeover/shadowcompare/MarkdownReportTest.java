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
                        "users",
                        Verdict.DIVERGED,
                        new VerificationCounts(5, 4, 3, 1, 1, 0, 0, 0),
                        Map.of("", 1L, "name", 1L),
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

                        | operation | path | kind | count | first seen | last seen | for example |
                        | --- | --- | --- | --- | --- | --- | --- |
                        | users.find | name | VALUE | 1 | 2026-01-02T03:04:05Z | 2026-01-02T03:04:05Z | a\\|b: &lt;String> / &lt;String> x |

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
}
