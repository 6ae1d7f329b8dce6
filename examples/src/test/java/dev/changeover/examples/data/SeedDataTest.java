package dev.changeover.examples.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.Script;
import dev.changeover.examples.database.TestDatabase;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SeedDataTest {

    private static final SeedSize SIZE = new SeedSize(500, 1000, 2000);

    @Test
    void the_same_seed_gives_the_same_rows_and_another_seed_others() {
        assertThat(rows(7)).isEqualTo(rows(7)).isNotEqualTo(rows(8));
    }

    @Test
    void keys_do_not_repeat() {
        SeedIds ids = new SeedIds(7);
        HashSet<Object> seen = new HashSet<>();
        for (int n = 0; n < 100_000; n++) {
            assertThat(seen.add(ids.user(n)) && seen.add(ids.room(n))).isTrue();
        }
    }

    @Test
    void the_loaded_tables_hold_the_dirt_that_a_mapping_must_survive() {
        try (TestDatabase database = TestDatabase.empty()) {
            Script.LEGACY.run(database.pool(), Schemas.DEFAULT);
            SeedLoader.load(database.pool(), Schemas.DEFAULT, new SeedData(7, SIZE));
            Script.LEGACY_INDEXES.run(database.pool(), Schemas.DEFAULT);
            JdbcTemplate jdbc = new JdbcTemplate(database.pool());

            assertThat(count(jdbc, "users")).isEqualTo(500);
            assertThat(count(jdbc, "meetings")).isEqualTo(1000);
            assertThat(count(jdbc, "audit_logs")).isEqualTo(2000);
            assertThat(jdbc.queryForList("select distinct status from conference_legacy.meetings", String.class))
                    .contains("waiting", "active", "closed", "scheduled", "waiting ", "archived?");
            assertThat(List.of(
                            "users group by split_part(email, '@', 1) having count(*) > 1",
                            "users where display_name like '% '",
                            "users where display_name is null",
                            "users where email <> convert_from(convert_to(email, 'UTF8'), 'LATIN1')",
                            "meetings where status = 'closed' and ended_at is null",
                            "meetings where ended_at < started_at",
                            "meetings where extract(milliseconds from ended_at - started_at)::int % 1000 >= 500",
                            "audit_logs where jsonb_typeof(metadata) <> 'object'",
                            "audit_logs a where user_id is not null"
                                    + " and not exists (select from conference_legacy.users where id = a.user_id)"))
                    .allSatisfy(dirt -> assertThat(count(jdbc, dirt)).as(dirt).isPositive());
        }
    }

    private static List<List<String>> rows(long seed) {
        SeedData data = new SeedData(seed, SIZE);
        return List.of(
                data.users().toList(), data.rooms().toList(), data.auditLogs().toList());
    }

    private static long count(JdbcTemplate jdbc, String rows) {
        return jdbc.queryForObject(
                "select count(*) from (select from conference_legacy." + rows + ") found", Long.class);
    }
}
