package dev.changeover.legacyadapter.retire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.GateResult.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backup counts for what is dropped only if it can hold all of it. */
class RetirementGatesTest {

    private static final Instant ALONE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant BACKUP = ALONE.plus(Duration.ofDays(1));
    private static final Duration WEEK = Duration.ofDays(7);

    private static GateResult backup(Instant begun, LegacyUse... use) {
        RetirementFacts facts = new RetirementFacts(
                "NEW_ONLY",
                false,
                List.of("shop.users"),
                null,
                null,
                ALONE,
                "MATCH",
                ALONE,
                begun,
                "/backup",
                List.of(use),
                List.of(),
                null,
                BACKUP.plus(Duration.ofDays(2)));
        return new RetirementGates("users", WEEK, WEEK)
                .before(RetirementStep.DROP, facts).results().stream()
                        .filter(result -> result.gate().equals("backup"))
                        .findAny()
                        .orElseThrow();
    }

    private static LegacyUse use(Duration after, long reads, long writes, boolean lost) {
        Instant from = BACKUP.plus(after);
        return new LegacyUse(from, from.plus(Duration.ofHours(1)), reads, writes, lost, false);
    }

    @Test
    void rowsThatWereWrittenAfterTheBackupAreNotInIt() {
        Duration day = Duration.ofDays(1);
        assertThat(backup(BACKUP, use(day.negated(), 0, 5, true), use(day, 9, 0, false))
                        .verdict())
                .isEqualTo(Verdict.PASS);
        GateResult written = backup(BACKUP, use(day, 0, 5, false));
        assertThat(written.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(written.value()).contains("since 5 rows written");
        assertThat(backup(BACKUP, use(day, 0, 0, true)).value()).contains("reset since");
    }
}
