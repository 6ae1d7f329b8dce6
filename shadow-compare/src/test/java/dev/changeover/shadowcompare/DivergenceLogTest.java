package dev.changeover.shadowcompare;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.internal.PlainText;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@PostgresTest
class DivergenceLogTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

    private static final int GROUPS = 300;

    private final PostgresDatabase db;
    private final JdbcDivergenceLog stored;

    DivergenceLogTest(PostgresDatabase db) {
        this.db = db;
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
    void aKindOfANewerInstanceIsShownAsUnknownAndTheOthersAsEver() {
        stored.add(List.of(divergence("name", "1", 5), divergence("note", "1", 6)));
        db.execute("UPDATE changeover.divergence SET kind = 'PRECISION' WHERE path = 'name'");

        assertThat(stored.groups()).extracting(DivergenceGroup::kind).containsExactly(Kind.UNKNOWN, Kind.VALUE);
    }

    @Test
    void whatIsAKeyInAPathIsNoGroupOfItsOwn() {
        stored.add(List.of(
                divergence("attributes[<String>].x", "1", 5),
                divergence("attributes[17].x", "1", 6),
                divergence("attributes[ann@example.org].x", "1", 7)));

        assertThat(stored.groups()).extracting(DivergenceGroup::path).containsExactly("attributes[*].x");
    }

    @Test
    void everyDivergenceHasTheSameChanceToBeASampleWhicheverOfUnevenInstancesMetIt() throws Exception {
        List<Integer> ends = List.of(0, 3, 15, 30);
        List<Future<?>> instances = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        for (int i = 0; i < 3; i++) {
            int from = ends.get(i);
            int to = ends.get(i + 1);
            instances.add(threads.submit(() -> {
                IntStream.range(from, to).forEach(key -> stored.add(inEveryGroup(String.valueOf(key))));
            }));
        }
        for (Future<?> each : instances) {
            each.get(60, SECONDS);
        }
        threads.shutdown();

        List<DivergenceGroup> groups = stored.groups();

        assertThat(groups).hasSize(GROUPS).allSatisfy(each -> {
            assertThat(each.count()).isEqualTo(30);
            assertThat(each.samples()).hasSize(5).doesNotHaveDuplicates();
        });
        // 1,500 samples over 30 keys, 50 each; with 29 degrees of freedom 85 is passed once in ten million runs
        Map<String, Long> chosen = groups.stream()
                .flatMap(each -> each.samples().stream())
                .collect(Collectors.groupingBy(each -> String.valueOf(each.key()), Collectors.counting()));
        double chiSquare = IntStream.range(0, 30)
                .mapToDouble(key -> Math.pow(chosen.getOrDefault(String.valueOf(key), 0L) - 50, 2) / 50)
                .sum();
        assertThat(chiSquare).isLessThan(85);
    }

    private static List<Divergence> inEveryGroup(String key) {
        return IntStream.range(0, GROUPS)
                .mapToObj(group -> divergence("field" + group, key, 0))
                .toList();
    }

    @Test
    void whatIsHostileIsBoundedAndWrittenAsItsCodeAndWhatIsRedactedStaysSo() {
        String huge = "x".repeat(10_000_000);
        stored.add(List.of(new Divergence(
                "items",
                "find",
                "k\u0000\u001b[31m\n\u202e\"\\'\ud800",
                new Difference("notes[" + huge + "].text", Kind.VALUE, "<String>", huge),
                4,
                THEN)));

        DivergenceGroup group = stored.groups().get(0);
        DivergenceGroup.Sample sample = group.samples().get(0);

        assertThat(group.path()).isEqualTo("notes[*].text");
        assertThat(sample.key()).isEqualTo("k\\u0000\\u001b[31m\\u000a\\u202e\"\\'\\ud800");
        assertThat(sample.authority()).isEqualTo("<String>");
        assertThat(sample.path()).hasSizeLessThanOrEqualTo(PlainText.PATH).startsWith("notes[xxx");
        assertThat(sample.follower()).hasSizeLessThanOrEqualTo(PlainText.VALUE).endsWith("x...");
    }

    @Test
    void aRepositoryHasABoundedNumberOfGroupsAndTheRestIsCounted() {
        InMemoryDivergenceLog memory = new InMemoryDivergenceLog();
        DivergenceLog both = stored.and(memory);
        for (int part = 0; part < 3; part++) {
            int from = part * 400;
            both.add(IntStream.range(from, from + 400)
                    .mapToObj(i -> divergence("f" + (10_000 + i), "1", i))
                    .toList());
        }
        both.add(List.of(divergence("f10001", "2", 1), divergence("f11199", "2", 1)));

        assertThat(stored.groups()).hasSize(1_000);
        assertThat(stored.shed()).isEqualTo(Map.of("items", 201L)).isEqualTo(memory.shed());
    }

    @Test
    void theStoreInMemoryAgreesWithTheTable() {
        InMemoryDivergenceLog memory = new InMemoryDivergenceLog();
        DivergenceLog both = stored.and(memory);
        for (int i = 0; i < 30; i++) {
            both.add(List.of(divergence("name", String.valueOf(i % 7), i), divergence("logins[" + i + "].at", "1", i)));
        }

        assertThat(stored.groups())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id", "samples")
                .containsExactlyInAnyOrderElementsOf(memory.groups());
        assertThat(memory.groups())
                .allSatisfy(each -> assertThat(each.samples()).hasSize(5));
    }

    @Test
    void positionsAndKeysOfElementsAreNotPathsOfTheirOwnButConstantsAre() {
        assertThat(divergence("[2].title", "1", 0).pathPattern()).isEqualTo("[*].title");
        assertThat(divergence("tags[11]", "1", 0).pathPattern()).isEqualTo("tags[*]");
        assertThat(divergence("people[ann@example.org].name", "1", 0).pathPattern())
                .isEqualTo("people[*].name");
        assertThat(divergence("logins[LOCAL].at", "1", 0).pathPattern()).isEqualTo("logins[LOCAL].at");
        assertThat(divergence("logins[", "1", 0).pathPattern()).isEqualTo("logins[*]");
        assertThat(divergence("logins[Open", "1", 0).pathPattern()).isEqualTo("logins[*]");
        assertThat(divergence("[".repeat(1_000_000), "1", 0).pathPattern()).isEqualTo("[*]");
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

    @Test
    void aValueCannotForgeALineOfTheLog() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LoggingDivergenceLog.class);
        logger.addAppender(lines);
        lines.start();
        new LoggingDivergenceLog().add(List.of(divergence("name", "1\n2026 ERROR all is lost\u001b[2J", 0)));
        logger.detachAppender(lines);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("items.find: key 1\\u000a2026 ERROR all is lost\\u001b[2J diverged at 'name' (VALUE):"
                        + " authority a, follower b, epoch 4");
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
