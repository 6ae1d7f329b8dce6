package dev.changeover.benchmarks.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.benchmarks.Table;
import dev.changeover.testkit.PostgresCluster;
import org.junit.jupiter.api.Test;

/** Each database scenario runs once, shortly; every one of them fails if its sides differ at the end. */
class DatabaseSmokeTest {

    private final PostgresCluster cluster = PostgresCluster.shared();

    @Test
    void roundTripsAreCountedAndToldApart() throws Exception {
        StatementWatch watch = new StatementWatch();
        try (Stand counted = Stand.counted(cluster, Stand.FEW_ROWS);
                Stand watched = Stand.watched(cluster, Stand.FEW_ROWS, watch)) {
            TripCount count = TripCount.run(counted, watched, watch, 5);

            assertThat(count.lines())
                    .anySatisfy(line -> assertThat(line).startsWith("| single write (BEGIN, w, COMMIT) | 2 | 2 | 2 |"))
                    .anySatisfy(line -> assertThat(line).startsWith("| naive dual write (BEGIN, w1, w2, COMMIT) | 3 |"))
                    .filteredOn(line -> line.startsWith("| Changeover, STATE"))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).endsWith("| met |"));
        }
    }

    @Test
    void timesAreTakenInTurns() throws Exception {
        try (Stand stand = Stand.direct(cluster, PairedTimes.rows(1, 2))) {
            assertThat(PairedTimes.run(stand, 1, 2).lines()).hasSizeGreaterThan(10);
        }
    }

    @Test
    void drainAndFlipsAreMeasured() throws Exception {
        Table table = new Table("what", "result", "goal", "");
        try (Stand stand = Stand.direct(cluster, 400)) {
            DrainRate.run(stand, 400, table);
            FlipStall.run(stand, 2, table);
        }
        assertThat(table.lines())
                .anySatisfy(
                        line -> assertThat(line).contains("errors of callers").contains("| 0 | 0 |"));
    }

    @Test
    void sentinelsArePricedAndForeignWritesFollowed() throws Exception {
        // more than a signature holds
        Table table = new Table("what", "result", "ratio");
        Table lag = new Table("what", "result");
        try (Stand stand = Stand.direct(cluster, 600)) {
            SentinelPrice.run(stand, 2, table);
            ForeignLag.run(stand, 3, lag);
        }
        assertThat(table.lines()).hasSize(2 + BulkUpdate.values().length);
        assertThat(lag.lines()).last().asString().contains("3 samples");
    }

    @Test
    void shadowReadsArePriced() {
        Table table = new Table("what", "p50", "ratio", "compared");
        try (Stand stand = Stand.direct(cluster, 400)) {
            ShadowPrice.run(stand, 2, table);
        }
        assertThat(table.lines()).hasSize(2 + 4).last().asString().endsWith("% |");
    }
}
