package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.examples.check.Verdict;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.journal.EntityId;
import dev.changeover.examples.journal.Expectation;
import dev.changeover.examples.journal.Lives;
import dev.changeover.examples.journal.State;
import dev.changeover.examples.journal.Write;
import java.sql.Connection;
import java.time.Instant;
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
        Expectation moving = new Expectation(0, 0, Map.of(), Set.of(key), List.of(), Lives.NONE);
        ResumeCheck check = new ResumeCheck(database.pool(), Schemas.DEFAULT);

        assertThat(check.run(moving, Map.of("users", Stage.NEW_PRIMARY)).divergent())
                .isNotEmpty();
        assertThat(check.run(moving, Map.of("users", Stage.NEW_ONLY)).divergent())
                .isEmpty();
    }

    @Test
    void a_row_whose_key_its_writer_did_not_live_to_learn_is_excused_where_new_is_alone() {
        jdbc.update("update changeover.repository set name = 'audit_logs', stage = 'NEW_ONLY'");
        jdbc.update("insert into conference_new.audit_logs (id, action, metadata, \"timestamp\") values"
                + " (7, 'PING', '{\"by\": 1}', '2026-01-01Z')");
        AuditLog entry =
                new AuditLog(null, "PING", null, null, "{\"by\": 1}", null, Instant.parse("2026-01-01T00:00:00Z"));
        Write open = new Write(1, Write.Kind.CREATE, "audit_logs", null, State.of(entry));
        ResumeCheck check = new ResumeCheck(database.pool(), Schemas.DEFAULT);
        Map<String, Stage> stages = Map.of("audit_logs", Stage.NEW_ONLY);

        assertThat(check.run(Expectation.NONE, stages).divergent()).hasSize(1);
        assertThat(check.run(new Expectation(0, 1, Map.of(), Set.of(), List.of(open), Lives.NONE), stages)
                        .divergent())
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
                .run(new Expectation(told.length, 0, legal, Set.of(), List.of(), Lives.NONE), stages());
    }

    private Map<String, Stage> stages() {
        String stage = jdbc.queryForObject("select stage from changeover.repository", String.class);
        return Map.of("users", Stage.valueOf(String.valueOf(stage)));
    }
}
