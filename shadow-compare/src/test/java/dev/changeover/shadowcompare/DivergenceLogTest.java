package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@PostgresTest
class DivergenceLogTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

    private final JdbcDivergenceLog stored;

    DivergenceLogTest(PostgresDatabase db) {
        this.stored = new JdbcDivergenceLog(new Items(db).pool);
    }

    private static Divergence divergence(String path, @Nullable String key, int second) {
        return new Divergence(
                "items", "find", key, new Difference(path, Kind.VALUE, "a", "b"), 4, THEN.plusSeconds(second));
    }

    @Test
    void divergencesOfOnePathAreOneRowWithACountAndFirstAndLast() {
        stored.add(List.of(divergence("name", "1", 5)));
        stored.add(List.of(divergence("name", "2", 7), divergence("name", "3", 9)));
        stored.add(List.of(divergence("note", "1", 8)));

        List<DivergenceGroup> groups = stored.groups();

        assertThat(groups).extracting(DivergenceGroup::path).containsExactly("name", "note");
        assertThat(groups.get(0).count()).isEqualTo(3);
        assertThat(groups.get(0).epoch()).isEqualTo(4);
        assertThat(groups.get(0).firstSeen()).isEqualTo(THEN.plusSeconds(5));
        assertThat(groups.get(0).lastSeen()).isEqualTo(THEN.plusSeconds(9));
    }

    @Test
    void samplesAreBoundedAndEachOfAnotherKey() {
        stored.add(List.of(divergence("name", "1", 0)));
        stored.add(List.of(divergence("name", "1", 1)));
        stored.add(List.of(divergence("name", null, 1)));
        for (int key = 2; key < 20; key++) {
            stored.add(List.of(divergence("name", String.valueOf(key), key)));
        }

        assertThat(stored.groups().get(0).samples())
                .extracting(DivergenceGroup.Sample::key)
                .containsExactly("1", null, "2", "3", "4");
        assertThat(stored.groups().get(0).count()).isEqualTo(21);
    }

    @Test
    void theStoreInMemoryAgreesWithTheTable() {
        InMemoryDivergenceLog memory = new InMemoryDivergenceLog();
        DivergenceLog both = stored.and(memory);
        for (int i = 0; i < 30; i++) {
            both.add(List.of(divergence("name", String.valueOf(i % 7), i), divergence("logins[" + i + "].at", "1", i)));
        }

        assertThat(stored.groups()).containsExactlyInAnyOrderElementsOf(memory.groups());
    }

    @Test
    void positionsAndKeysOfElementsAreNotPathsOfTheirOwnButConstantsAre() {
        assertThat(divergence("[2].title", "1", 0).pathPattern()).isEqualTo("[*].title");
        assertThat(divergence("tags[11]", "1", 0).pathPattern()).isEqualTo("tags[*]");
        assertThat(divergence("people[ann@example.org].name", "1", 0).pathPattern())
                .isEqualTo("people[*].name");
        assertThat(divergence("logins[LOCAL].at", "1", 0).pathPattern()).isEqualTo("logins[LOCAL].at");
    }

    @Test
    void theLogWritesUpToARateAndCountsTheRest() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LoggingDivergenceLog.class);
        logger.addAppender(lines);
        lines.start();
        SteppedClock clock = new SteppedClock();
        LoggingDivergenceLog log = new LoggingDivergenceLog(2, Duration.ofMinutes(1), clock);
        IntStream.range(0, 5).forEach(i -> log.add(List.of(divergence("name", "" + i, i))));
        clock.now = THEN.plusSeconds(60);
        log.add(List.of(divergence("name", "9", 60)));
        logger.detachAppender(lines);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "items.find: key 0 diverged at 'name' (VALUE): authority a, follower b, epoch 4",
                        "items.find: key 1 diverged at 'name' (VALUE): authority a, follower b, epoch 4",
                        "3 more divergences were not logged one by one",
                        "items.find: key 9 diverged at 'name' (VALUE): authority a, follower b, epoch 4");
    }

    private static final class SteppedClock extends Clock {
        private Instant now = THEN;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
