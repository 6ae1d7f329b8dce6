package dev.changeover.examples.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.examples.domain.User;
import dev.changeover.examples.journal.Write.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JournalTest {

    private static final EntityId A = new EntityId("users", "a");

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void path() {
        path = folder.resolve("journal");
    }

    @Test
    void the_last_acknowledged_write_of_a_key_is_its_only_legal_state() throws IOException {
        Expectation expected = written(journal -> {
            unit(journal, Kind.CREATE, "a", state(0)).acknowledged();
            unit(journal, Kind.UPDATE, "a", state(1)).acknowledged();
            unit(journal, Kind.UPDATE, "a", state(2)).rolledBack();
        });

        assertThat(expected.acknowledged()).isEqualTo(2);
        assertThat(expected.legal().get(A)).containsExactly(state(1));
    }

    @Test
    void an_unknown_outcome_may_have_gone_either_way_until_the_next_acknowledgement() throws IOException {
        Expectation open = written(journal -> {
            unit(journal, Kind.CREATE, "a", state(0)).acknowledged();
            unit(journal, Kind.UPDATE, "a", state(1)).unknown();
            unit(journal, Kind.DELETE, "a", State.ABSENT);
        });
        assertThat(open.legal().get(A)).containsExactlyInAnyOrder(state(0), state(1), State.ABSENT);

        Expectation settled =
                written(journal -> unit(journal, Kind.UPDATE, "a", state(2)).acknowledged());
        assertThat(settled.legal().get(A)).containsExactly(state(2));
    }

    @Test
    void a_created_key_is_absent_if_its_unit_or_its_savepoint_was_rolled_back() throws IOException {
        Expectation expected = written(journal -> {
            unit(journal, Kind.CREATE, "a", state(0)).rolledBack();
            UnitJournal unit = journal.unit();
            unit.answered(unit.intend(Kind.CREATE, "users", "b", state(0)), "b", state(0));
            unit.answered(unit.intend(Kind.CREATE, "users", "c", state(0)), "c", state(0));
            unit.undone(1);
            assertThat(unit.acknowledged()).hasSize(1);
        });

        assertThat(expected.acknowledged()).isEqualTo(1);
        assertThat(expected.legal().get(A)).containsExactly(State.ABSENT);
        assertThat(expected.legal().get(new EntityId("users", "b"))).containsExactly(state(0));
        assertThat(expected.legal().get(new EntityId("users", "c"))).containsExactly(State.ABSENT);
    }

    @Test
    void nothing_is_said_of_a_key_that_was_only_touched_by_what_was_rolled_back() throws IOException {
        Expectation expected =
                written(journal -> unit(journal, Kind.UPDATE, "a", state(1)).rolledBack());

        assertThat(expected.legal()).isEmpty();
    }

    @Test
    void versions_tell_the_order_of_two_writers_of_one_key() throws IOException {
        Expectation expected = written(journal -> {
            unit(journal, Kind.UPDATE, "a", state(6)).acknowledged();
            unit(journal, Kind.UPDATE, "a", state(5)).acknowledged();
        });

        assertThat(expected.legal().get(A)).containsExactly(state(6));
    }

    @Test
    void what_an_old_build_was_told_binds_and_is_not_counted() throws IOException {
        Path oldBuild = folder.resolve("old");
        try (Journal journal = new Journal(oldBuild)) {
            unit(journal, Kind.UPDATE, "a", state(6)).acknowledged();
            unit(journal, Kind.CREATE, "b", state(0)).acknowledged();
            unit(journal, Kind.UPDATE, "b", state(1)).refused();
        }
        written(journal -> {
            unit(journal, Kind.UPDATE, "a", state(5)).acknowledged();
            journal.moving("users", "NEW_ONLY");
        });

        Expectation expected = JournalReader.read(path, oldBuild);

        assertThat(expected.acknowledged()).isEqualTo(1);
        assertThat(expected.legal().get(A)).containsExactly(state(6));
        assertThat(expected.legal().get(new EntityId("users", "b"))).containsExactly(state(0));
        assertThat(expected.writtenAlone()).isEmpty();
    }

    @Test
    void a_key_that_only_the_database_knows_is_read_from_its_answer() throws IOException {
        Expectation expected = written(journal -> {
            UnitJournal unit = journal.unit();
            unit.answered(unit.intend(Kind.CREATE, "audit_logs", null, state(0)), "17", state(0));
            unit.acknowledged();
        });

        assertThat(expected.legal()).containsOnlyKeys(new EntityId("audit_logs", "17"));
    }

    @Test
    void what_is_open_at_the_move_or_begins_later_may_have_been_written_without_a_follower() throws IOException {
        Expectation expected = written(journal -> {
            unit(journal, Kind.UPDATE, "before", state(1)).acknowledged();
            UnitJournal open = unit(journal, Kind.UPDATE, "open", state(1));
            journal.moving("users", "NEW_ONLY");
            open.acknowledged();
            unit(journal, Kind.UPDATE, "after", state(1)).acknowledged();
        });

        assertThat(expected.writtenAlone())
                .containsExactlyInAnyOrder(new EntityId("users", "open"), new EntityId("users", "after"));
    }

    @Test
    void a_torn_last_line_was_never_told_to_anybody() throws IOException {
        AtomicLong whole = new AtomicLong();
        written(journal -> {
            unit(journal, Kind.CREATE, "a", state(0)).acknowledged();
            journal.force();
            whole.set(path.toFile().length());
            unit(journal, Kind.UPDATE, "a", state(1)).acknowledged();
        });
        byte[] bytes = Files.readAllBytes(path);

        for (int length = whole.intValue(); length < bytes.length; length++) {
            Files.write(path, java.util.Arrays.copyOf(bytes, length));
            assertThat(JournalReader.read(path).legal().get(A)).contains(state(0));
            assertThat(JournalReader.read(path).acknowledged()).isEqualTo(1);
        }
    }

    @Test
    void a_broken_line_in_the_middle_is_refused() throws IOException {
        Files.writeString(path, "nonsense\nC\t1\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE);

        assertThatThrownBy(() -> JournalReader.read(path)).hasMessageContaining("nonsense");
    }

    @Test
    void any_text_survives_the_journal() throws IOException {
        User user = User.of(
                UUID.randomUUID(), "a@b", "h", "tab\t line\n \"q\" \\ 🎧", true, Instant.EPOCH, Instant.EPOCH, 3);

        Expectation expected = written(
                journal -> unit(journal, Kind.UPDATE, "a", State.of(user)).acknowledged());

        assertThat(expected.legal().get(A)).containsExactly(State.of(user));
    }

    @Test
    void in_a_lasting_journal_nothing_is_done_or_told_before_it_is_on_disk() throws IOException {
        try (Journal journal = Journal.lasting(path)) {
            UnitJournal unit = journal.unit();
            Write intended = unit.intend(Kind.CREATE, "users", "a", state(0));
            assertThat(Files.readString(path)).endsWith("\tCREATE\tusers\ta\t{\"version\":0}\n");

            unit.answered(intended, "a", state(0));
            unit.acknowledged();
            assertThat(Files.readString(path)).endsWith("C\t1\n");

            UnitJournal told = journal.unit();
            told.answered(told.intend(Kind.CREATE, "audit_logs", null, state(0)), "17", state(0));
            assertThat(Files.readString(path)).endsWith("\t17\t{\"version\":0}\n");

            journal.moving("users", "NEW_ONLY");
            assertThat(Files.readString(path)).endsWith("S\tusers\tNEW_ONLY\n");
        }
    }

    @Test
    void a_killed_life_leaves_open_what_it_was_not_told_and_the_next_one_goes_on_behind_it() throws IOException {
        life(1, journal -> {
            unit(journal, Kind.CREATE, "a", state(0)).acknowledged();
            unit(journal, Kind.UPDATE, "a", state(1));
            unit(journal, Kind.CREATE, "b", state(0));
        });
        Files.writeString(path, "C\t", StandardOpenOption.APPEND);
        life(2, journal -> unit(journal, Kind.CREATE, "c", state(0)).acknowledged());

        Expectation expected = JournalReader.read(path);

        assertThat(expected.lives().count()).isEqualTo(2);
        assertThat(expected.acknowledged()).isEqualTo(2);
        assertThat(expected.unknown()).isEqualTo(2);
        assertThat(expected.legal().get(A)).containsExactlyInAnyOrder(state(0), state(1));
        assertThat(expected.legal().get(new EntityId("users", "b"))).containsExactly(State.ABSENT, state(0));
        assertThat(expected.legal().get(new EntityId("users", "c"))).containsExactly(state(0));
    }

    @Test
    void of_a_unit_with_unknown_outcome_only_the_last_write_of_a_key_can_be_there() throws IOException {
        Expectation expected = written(journal -> {
            unit(journal, Kind.CREATE, "a", state(0)).acknowledged();
            UnitJournal unit = unit(journal, Kind.UPDATE, "a", state(1));
            unit.intend(Kind.UPDATE, "users", "a", state(2));
            unit.undone(1);
            unit.answered(unit.intend(Kind.UPDATE, "users", "a", state(3)), "a", state(3));
        });

        assertThat(expected.legal().get(A)).containsExactly(state(0), state(3));
    }

    @Test
    void an_unknown_write_that_is_older_than_an_acknowledged_one_cannot_be_there() throws IOException {
        Expectation expected = written(journal -> {
            UnitJournal open = unit(journal, Kind.UPDATE, "a", state(5));
            unit(journal, Kind.UPDATE, "a", state(6)).acknowledged();
            assertThat(open.answers()).isEqualTo(1);
        });

        assertThat(expected.legal().get(A)).containsExactly(state(6));
    }

    @Test
    void a_move_that_a_kill_prevented_excuses_nothing() throws IOException {
        life(1, journal -> {
            journal.moving("users", "NEW_ONLY");
            unit(journal, Kind.CREATE, "a", state(0)).acknowledged();
        });
        life(2, journal -> {
            journal.notMoved("users");
            unit(journal, Kind.CREATE, "b", state(0)).acknowledged();
        });
        assertThat(JournalReader.read(path).writtenAlone()).isEmpty();

        life(3, journal -> {
            journal.moving("users", "NEW_ONLY");
            unit(journal, Kind.CREATE, "c", state(0)).acknowledged();
        });
        assertThat(JournalReader.read(path).writtenAlone()).containsExactly(new EntityId("users", "c"));
    }

    @Test
    void a_write_whose_key_nobody_was_told_may_be_there_alone() throws IOException {
        life(1, journal -> {
            journal.unit().intend(Kind.CREATE, "audit_logs", null, state(0));
        });
        assertThat(JournalReader.read(path).unnamed()).isEmpty();

        life(2, journal -> {
            journal.moving("audit_logs", "NEW_ONLY");
            journal.unit().intend(Kind.CREATE, "audit_logs", null, state(1));
        });
        assertThat(JournalReader.read(path).unnamed()).extracting(Write::after).containsExactly(state(1));
    }

    @Test
    void the_lives_are_counted_with_their_phases_and_errors() throws IOException {
        assertThat(Lives.NONE.filled()).isFalse();
        life(1, journal -> {
            journal.filled();
            journal.phase("LEGACY_ONLY");
            unit(journal, Kind.CREATE, "a", state(0)).acknowledged();
            journal.phase("DUAL_WRITE");
        });
        life(2, journal -> {
            journal.callerError("users.rename");
            unit(journal, Kind.UPDATE, "a", state(1)).acknowledged();
        });

        Lives lives = JournalReader.read(path).lives();

        assertThat(lives.filled()).isTrue();
        assertThat(lives.phase()).isEqualTo("DUAL_WRITE");
        assertThat(lives.callerErrors()).isEqualTo(1);
        assertThat(lives.acknowledged())
                .containsExactly(java.util.Map.entry("LEGACY_ONLY", 1L), java.util.Map.entry("DUAL_WRITE", 1L));
    }

    private void life(int number, Consumer<Journal> notes) throws IOException {
        try (Journal journal = Journal.lasting(path)) {
            journal.life(number);
            notes.accept(journal);
        }
    }

    private Expectation written(Consumer<Journal> notes) throws IOException {
        Files.deleteIfExists(path);
        try (Journal journal = new Journal(path)) {
            notes.accept(journal);
        }
        return JournalReader.read(path);
    }

    private static UnitJournal unit(Journal journal, Kind kind, String key, State after) {
        UnitJournal unit = journal.unit();
        unit.answered(unit.intend(kind, "users", key, after), key, after);
        return unit;
    }

    private static State state(long version) {
        return new State("{\"version\":" + version + "}", version);
    }
}
