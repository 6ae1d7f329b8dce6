package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.changeover.examples.data.SeedData;
import dev.changeover.examples.data.SeedLoader;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.Script;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.Participant;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.next.NewSide;
import dev.changeover.examples.next.Release;
import dev.changeover.examples.workload.Population;
import dev.changeover.examples.workload.Visits;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** {@code room_participants} and {@code recordings}, which only new has. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VisitsTest {

    private static TestDatabase database;
    private static NewSide next;

    @BeforeAll
    static void onNewAlone() throws Exception {
        database = TestDatabase.withBothSchemas();
        Script.NEW_INDEXES.run(database.pool(), Schemas.DEFAULT);
        next = new NewSide(database.pool(), Schemas.DEFAULT, () -> Release.TWO);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void people_come_and_go_and_what_was_acknowledged_is_there() throws Exception {
        SeedLoader.load(database.pool(), Schemas.DEFAULT, new SeedData(3, SeedSize.scaled(0.01)));
        Population legacy = Population.of(database.pool(), Schemas.DEFAULT);
        legacy.hosts().forEach(host -> next.users().create(user(host)));
        legacy.rooms()
                .forEach(room -> next.rooms().create(room(room, legacy.hosts().get(0))));
        Visits visits = new Visits(
                next.participants(),
                next.recordings(),
                next.rooms(),
                new DataSourceTransactionManager(database.pool()),
                legacy,
                1);

        int before = count("room_participants") + count("recordings");
        visits.start();
        await().until(() -> count("room_participants where left_at is not null") > 3 && count("recordings") > 3);
        visits.close();

        assertThat(visits.check()).isEqualTo(count("room_participants") + count("recordings") - before);
        new JdbcTemplate(database.pool()).execute("delete from conference_new.recordings");
        assertThatThrownBy(visits::check).hasMessageContaining("lost");
    }

    @Test
    void who_is_in_a_room_is_found_by_the_index_of_the_guide() {
        User host = next.users().create(user(UUID.randomUUID()));
        Room room = next.rooms().create(room(UUID.randomUUID(), host.id()));
        Participant gone = participant(room, host);
        Participant here = participant(room, host);
        next.participants().join(gone);
        next.participants().join(here);

        assertThat(next.participants().leave(gone.id(), Instant.now())).isTrue();
        assertThat(next.participants().leave(gone.id(), Instant.now())).isFalse();

        assertThat(next.participants().present(room.id())).containsExactly(here);
        List<String> plan = new JdbcTemplate(database.pool())
                .queryForList(
                        "select indexdef from pg_indexes where indexname = 'room_participants_active'", String.class);
        assertThat(plan).singleElement().asString().contains("(left_at IS NULL)");
    }

    @Test
    void nobody_enters_a_room_that_is_not_there() {
        User host = next.users().create(user(UUID.randomUUID()));
        Participant lost = new Participant(UUID.randomUUID(), UUID.randomUUID(), host.id(), Instant.now(), null);

        assertThatThrownBy(() -> next.participants().join(lost)).isInstanceOf(DataIntegrityViolationException.class);
    }

    private static int count(String rows) {
        Integer count = new JdbcTemplate(database.pool())
                .queryForObject("select count(*) from conference_new." + rows, Integer.class);
        return count == null ? 0 : count;
    }

    private static Participant participant(Room room, User user) {
        return new Participant(UUID.randomUUID(), room.id(), user.id(), Instant.now(), null);
    }

    private static User user(UUID id) {
        Instant now = Instant.now();
        return User.of(id, id + "@visits.example", "hash", "somebody", true, now, now, 0);
    }

    private static Room room(UUID id, UUID owner) {
        return Room.created(id, owner, id.toString().substring(0, 30), "a room", Instant.now());
    }
}
