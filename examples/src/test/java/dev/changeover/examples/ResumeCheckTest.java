package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.examples.check.Verdict;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.journal.EntityId;
import dev.changeover.examples.journal.Expectation;
import dev.changeover.examples.journal.Lives;
import dev.changeover.examples.journal.State;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ResumeCheckTest {

    private static final String KEY = "11111111-1111-4111-8111-111111111111";

    private TestDatabase database;
    private JdbcTemplate jdbc;

    @BeforeEach
    void one_user_on_legacy_alone() throws Exception {
        database = TestDatabase.withBothSchemas();
        jdbc = new JdbcTemplate(database.pool());
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            ControlSchema.apply(connection);
            connection.commit();
        }
        jdbc.update("insert into changeover.repository (name, stage, backfilled) values ('users', 'SHADOW', true)");
        jdbc.update("insert into conference_legacy.users values ('" + KEY
                + "', 'anna@a.example', 'hash', 'Anna', true, '2026-01-01Z', '2026-01-01Z', 3)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_the_other_side_lacks_is_damage_unless_it_is_marked() {
        assertThat(divergent()).isEqualTo(1);

        jdbc.update("insert into changeover.mark (repository, key, side, reason) select number, '" + KEY
                + "', 'LEGACY', 'test' from changeover.repository");

        assertThat(divergent()).isZero();
    }

    @Test
    void what_the_backfill_has_not_reached_is_no_damage_but_what_it_brought_wrong_is() {
        jdbc.update("update changeover.repository set stage = 'DUAL_WRITE', backfilled = false");
        assertThat(divergent()).isZero();

        jdbc.update("insert into conference_new.users values ('" + KEY
                + "', 'anna-11111111', 'anna@a.example', 'hash', 'old', true, true, '2026-01-01Z', '2026-01-01Z', 2)");

        assertThat(divergent()).isEqualTo(1);
    }

    @Test
    void a_move_to_new_alone_excuses_only_if_it_was_made() {
        EntityId key = new EntityId("users", KEY);
        Expectation moving = new Expectation(0, 0, Map.of(), Set.of(key), Lives.NONE);
        ResumeCheck check = new ResumeCheck(database.pool(), Schemas.DEFAULT);

        assertThat(check.run(moving, Map.of("users", Stage.NEW_PRIMARY)).divergent())
                .isNotEmpty();
        assertThat(check.run(moving, Map.of("users", Stage.NEW_ONLY)).divergent())
                .isEmpty();
    }

    @Test
    void what_was_acknowledged_must_be_there() {
        assertThat(Verdict.keys(check(State.ABSENT).lost())).isEqualTo(1);
    }

    private long divergent() {
        return Verdict.keys(check().divergent());
    }

    private Verdict check(State... told) {
        Map<EntityId, List<State>> legal =
                told.length == 0 ? Map.of() : Map.of(new EntityId("users", KEY), List.of(told));
        return new ResumeCheck(database.pool(), Schemas.DEFAULT)
                .run(new Expectation(told.length, 0, legal, Set.of(), Lives.NONE), stages());
    }

    private Map<String, Stage> stages() {
        String stage = jdbc.queryForObject("select stage from changeover.repository", String.class);
        return Map.of("users", Stage.valueOf(String.valueOf(stage)));
    }
}
