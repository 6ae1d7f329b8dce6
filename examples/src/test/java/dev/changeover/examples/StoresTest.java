package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.EntityStore;
import dev.changeover.examples.check.Authority;
import dev.changeover.examples.check.FinalCheck;
import dev.changeover.examples.data.SeedData;
import dev.changeover.examples.data.SeedLoader;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.journal.Expectation;
import dev.changeover.examples.legacy.LegacyStores;
import dev.changeover.examples.next.NewStores;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The mappings of both sides over the whole dirty data. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StoresTest {

    private final TestDatabase database = TestDatabase.withBothSchemas();
    private final JdbcTemplate jdbc = new JdbcTemplate(database.pool());
    private final LegacyStores legacy = new LegacyStores(Schemas.DEFAULT);

    @BeforeEach
    void fill() throws Exception {
        SeedLoader.load(database.pool(), Schemas.DEFAULT, new SeedData(7, SeedSize.scaled(0.02)));
        copy(legacy.users(), NewStores.users());
        copy(legacy.rooms(), NewStores.rooms());
        copy(legacy.auditLogs(), NewStores.auditLogs());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void generated_tables_are_named_with_their_schema() {
        assertThat(NewStores.users().tables())
                .containsExactly("\"conference_new\".\"users\"", "\"conference_new\".\"auth_providers\"");
    }

    @Test
    void what_the_stores_copy_is_what_the_guide_says_in_SQL() {
        Expectation nothing = Expectation.NONE;
        Map<String, Authority> authorities =
                Map.of("users", Authority.LEGACY, "rooms", Authority.LEGACY, "audit_logs", Authority.LEGACY);

        assertThat(new FinalCheck(database.pool(), Schemas.DEFAULT)
                        .run(nothing, authorities)
                        .divergent())
                .isEmpty();
        assertThat(jdbc.queryForObject("select count(*) from conference_new.rooms", Long.class))
                .isEqualTo(2000);
    }

    @Test
    void copied_back_not_a_byte_of_legacy_changes_although_its_status_is_lossy() throws Exception {
        List<String> before = legacyRows();

        copy(NewStores.users(), legacy.users());
        copy(NewStores.rooms(), legacy.rooms());
        copy(NewStores.auditLogs(), legacy.auditLogs());

        assertThat(legacyRows()).isEqualTo(before).anyMatch(row -> row.contains("archived?"));
    }

    @Test
    void what_new_owns_alone_survives_a_copy_and_a_removal() throws Exception {
        jdbc.update("update conference_new.users set is_verified = false");
        jdbc.update("update conference_new.rooms set total_joins = 7");

        copy(legacy.users(), NewStores.users());
        copy(legacy.rooms(), NewStores.rooms());

        assertThat(jdbc.queryForObject("select count(*) from conference_new.users where is_verified", Long.class))
                .isZero();
        assertThat(jdbc.queryForObject("select sum(total_joins) from conference_new.rooms", Long.class))
                .isEqualTo(14_000);
    }

    private <K, V> void copy(EntityStore<K, V> from, EntityStore<K, V> to) throws Exception {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            List<K> keys = from.keysAfter(connection, null, 100);
            while (!keys.isEmpty()) {
                Map<K, V> states = from.find(connection, keys);
                to.upsert(connection, states.values());
                assertThat(to.find(connection, keys)).isEqualTo(states).hasSameSizeAs(keys);
                keys = from.keysAfter(connection, keys.get(keys.size() - 1), 100);
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private List<String> legacyRows() {
        return jdbc.queryForList(
                "select u::text from conference_legacy.users u union all select m::text from conference_legacy.meetings m"
                        + " union all select a::text from conference_legacy.audit_logs a order by 1",
                String.class);
    }
}
