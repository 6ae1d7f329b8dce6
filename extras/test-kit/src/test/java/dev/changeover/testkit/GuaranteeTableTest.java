package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuaranteeTableTest {
    @Test
    void everyGuaranteeIsListedWithItsTestsInNumericalOrder() {
        assertThat(GuaranteeTable.of("dev.changeover.testkit").toMarkdown())
                .startsWith("| Guarantee | Tests |\n| --- | --- |\n| kit-2 | ")
                .contains("| kit-9 | `ProbeTest.aPauseStopsOneThreadOnly` |\n"
                        + "| kit-10 | `ProbeTest.aPauseStopsOneThreadOnly`<br>"
                        + "`ProbeTest.aThreadPausesAtItsPointUntilItIsReleased` |\n");
    }

    @Test
    void aGuaranteeOfAClassCountsForEachOfItsTests() {
        assertThat(GuaranteeTable.of("dev.changeover.testkit").tests().get("kit-2"))
                .hasSize(4)
                .allMatch(name -> name.startsWith("ProbeTest."));
    }
}
