package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GateResult.Verdict;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.legacy.LegacySide;
import dev.changeover.examples.next.NewSide;
import dev.changeover.examples.next.Release;
import dev.changeover.shadowcompare.Decision;
import dev.changeover.shadowcompare.DivergenceFilter;
import dev.changeover.shadowcompare.DivergenceGroup;
import dev.changeover.shadowcompare.DivergenceReview;
import dev.changeover.shadowcompare.ReviewState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

/** The fault of release 1, small: rooms of somebody who has left last a second too long. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MendedFaultTest {

    private static final Instant T0 = Instant.parse("2026-01-01T10:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(60);

    private final TestDatabase database = TestDatabase.withBothSchemas();
    private final FlushMarks marks = new FlushMarks();
    private final AtomicReference<Release> release = new AtomicReference<>(Release.ONE);
    private final LegacySide legacy = new LegacySide(database.pool(), Schemas.DEFAULT, marks);
    private final Wiring wiring = new Wiring(
            database.pool(),
            Schemas.DEFAULT,
            legacy,
            new NewSide(database.pool(), Schemas.DEFAULT, release::get),
            new Observations(() -> "test"),
            "test",
            250);
    private final DivergenceReview review = DivergenceReview.open(database.pool());
    private List<Room> rooms = List.of();

    @BeforeEach
    void shadow_stage_with_rooms_whose_owner_has_left() {
        marks.tell(wiring.changeover);
        Walk.REPOSITORIES.forEach(this::toShadow);
        User owner = User.of(UUID.randomUUID(), "owner@example.org", "hash", "Ann", true, T0, T0, 0);
        inTransaction(() -> wiring.ports.users().create(owner));
        rooms = IntStream.range(0, 40).mapToObj(n -> liveRoom(owner, n)).toList();
        inTransaction(() -> wiring.ports.users().delete(owner.id()));
    }

    private void toShadow(String repository) {
        move(repository, Stage.DUAL_WRITE);
        wiring.changeover.backfill(repository).run(progress -> {});
        move(repository, Stage.SHADOW);
    }

    private void move(String repository, Stage stage) {
        await().atMost(LONG)
                .ignoreException(MoveRefusedException.class)
                .until(() -> wiring.changeover.stages().move(repository, stage, "test", "test") != null);
    }

    /** The same keys each time, so that the same are rehearsed. */
    private Room liveRoom(User owner, int n) {
        UUID id = UUID.nameUUIDFromBytes(new byte[] {(byte) n});
        Room room = Room.created(id, owner.id(), "code-" + n, "Standup", T0);
        inTransaction(() -> wiring.ports.rooms().create(room));
        inTransaction(() -> wiring.ports.rooms().save(room.live(T0)));
        return room;
    }

    @AfterEach
    void close() {
        wiring.close();
        legacy.close();
        database.close();
    }

    @Test
    void rehearsals_find_it_the_gate_is_closed_until_it_is_mended_and_closes_again_if_it_comes_back() {
        endEachAfter(1500);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(groups()).hasSize(1).first().satisfies(group -> {
                    assertThat(group.operation()).isEqualTo("endAll");
                    assertThat(group.path()).isEqualTo("durationSeconds");
                    assertThat(group.samples().get(0).authority()).isEqualTo("1");
                    assertThat(group.samples().get(0).follower()).isEqualTo("2");
                }));
        assertThat(reviewed()).isEqualTo(Verdict.FAIL);
        assertThatThrownBy(() -> wiring.changeover.stages().move("rooms", Stage.RAMP, "test", "too early"))
                .isInstanceOf(GateNotMetException.class)
                .hasMessageContaining("durationSeconds");

        release.set(Release.TWO);
        review.decide(groups(), Decision.fixed().owner("ann").ticket("T-1"), "bob", "cut, as legacy does");
        endEachAfter(2600);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(wiring.changeover
                                .gates()
                                .before("rooms", Stage.RAMP)
                                .open())
                        .isEmpty());
        assertThat(groups()).extracting(group -> group.review().state()).containsOnly(ReviewState.FIXED);

        release.set(Release.ONE);
        endEachAfter(3700);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(groups())
                        .extracting(group -> group.review().state())
                        .containsOnly(ReviewState.REGRESSION));
        assertThat(reviewed()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void shadow_reads_find_it_and_what_is_served_and_what_is_copied_is_right() {
        endEachAfter(1500);
        release.set(Release.TWO);
        review.decide(groups(), Decision.fixed(), "bob", "only the reads are wrong from now on");
        release.set(Release.ONE);

        await().atMost(LONG).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> {
            rooms.forEach(room -> assertThat(wiring.ports
                            .rooms()
                            .findWithOwner(room.id())
                            .orElseThrow()
                            .room()
                            .durationSeconds())
                    .isEqualTo(1));
            assertThat(groups())
                    .filteredOn(group -> group.operation().equals("findWithOwner"))
                    .isNotEmpty()
                    .allSatisfy(group -> assertThat(group.path()).isEqualTo("room.durationSeconds"))
                    .allSatisfy(group ->
                            assertThat(group.samples().get(0).follower()).isEqualTo("2"));
        });
        assertThat(wiring.changeover.stages().of("rooms").stage()).isEqualTo(Stage.SHADOW);
    }

    private Verdict reviewed() {
        return wiring.changeover.gates().before("rooms", Stage.RAMP).results().stream()
                .filter(result -> result.gate().equals("divergences reviewed"))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    private List<DivergenceGroup> groups() {
        wiring.evidence.divergences.groups();
        return review.list(DivergenceFilter.ALL);
    }

    private void endEachAfter(long millis) {
        rooms.forEach(room ->
                inTransaction(() -> wiring.ports.rooms().endAll(List.of(room.id()), T0.plusMillis(millis))));
    }

    private void inTransaction(Runnable work) {
        new TransactionTemplate(legacy.transactionManager()).executeWithoutResult(status -> work.run());
    }
}
