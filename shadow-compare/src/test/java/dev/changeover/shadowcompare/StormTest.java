package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.ChildJvm;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The budget that {@link BufferedDivergenceLog} states, measured in a process with little memory. */
@PostgresTest
class StormTest {
    private static final int HEAP = 64;
    private static final long KEPT_AT_MOST = 14_000_000;
    private static final int LINES_A_MINUTE = 11;
    private static final int SECONDS = 5;

    private final PostgresDatabase db;
    private final JdbcDivergenceLog stored;

    StormTest(PostgresDatabase db) {
        this.db = db;
        this.stored = new JdbcDivergenceLog(new Items(db).pool);
    }

    @Test
    void aProcessWith64MegabytesOutlivesAStormAndCountsAllOfIt() {
        try (ChildJvm storm = ChildJvm.withHeap(HEAP, Storm.class, db.jdbcUrl(), Integer.toString(SECONDS))) {
            String line = storm.await(0, each -> each.startsWith("STORM "));
            storm.awaitEnd();
            System.out.println(line);
            Map<String, Long> told = told(line);

            assertThat(told.get("waiting")).isZero();
            assertThat(told.get("kept"))
                    .as("bytes of heap that the storm left in use")
                    .isLessThan(KEPT_AT_MOST);
            assertThat(inGroups() + stored.shed().getOrDefault("items", 0L)).isEqualTo(told.get("offered"));
            assertThat(db.queryLong("SELECT count(*) FROM changeover.divergence"))
                    .isBetween(500L, 1_000L);
            assertThat(db.queryLong("SELECT max(pg_column_size(d.*)) FROM changeover.divergence d"))
                    .isLessThan(5_000);
            assertThat(storm.lines().stream()
                            .filter(each -> each.contains("WARN"))
                            .count())
                    .isBetween(1L, 2L * LINES_A_MINUTE);
        }
    }

    private long inGroups() {
        return stored.groups().stream().mapToLong(DivergenceGroup::count).sum();
    }

    private static Map<String, Long> told(String line) {
        return Arrays.stream(line.split(" "))
                .filter(each -> each.contains("="))
                .map(each -> each.split("="))
                .collect(Collectors.toMap(each -> each[0], each -> Long.parseLong(each[1])));
    }
}
