package dev.changeover.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class Slf4jListenerTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("test.listener");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final AtomicLong clock = new AtomicLong();
    private final Slf4jListener listener = new Slf4jListener(logger, clock::get, 2, Duration.ofMinutes(1));

    @BeforeEach
    void start() {
        appender.start();
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
    }

    private List<String> lines() {
        return appender.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Test
    void movesAreLogged() {
        listener.stageSeen("users", Stage.SHADOW, 3, 0);
        listener.stageSeen("users", Stage.RAMP, 4, 0);
        listener.stageSeen("users", Stage.RAMP, 4, 25);

        assertThat(lines())
                .containsExactly(
                        "INFO users is in SHADOW (epoch 3)",
                        "INFO users moved from SHADOW to RAMP, 0 % of the reads on new (epoch 4)",
                        "INFO users is in RAMP, 25 % of the reads on new (epoch 4)");
    }

    @Test
    void readsAndWritesAreNotLogged() {
        listener.readServed("users", "find", Side.NEW, 1, true);
        listener.readFellBack("users", "find", "MARKED");
        listener.writeServed("users", "save", Stage.RAMP, Side.LEGACY, 1, true);
        listener.followed("users", "save", Stage.RAMP, 1);
        listener.rehearsed("users", "save", "1", List.of());
        listener.drained("users", 1, 0, 1);

        assertThat(lines()).isEmpty();
    }

    @Test
    void marksAreLimitedForEachReasonAndTheRestIsCounted() {
        for (int i = 0; i < 5; i++) {
            listener.marked("users", "save", Stage.RAMP, 1, "LOCKED", null);
        }
        listener.marked("users", "save", Stage.RAMP, 2, "FAILED", new IllegalStateException("secret"));
        assertThat(lines())
                .containsExactly(
                        "INFO users.save: 1 keys marked in RAMP, LOCKED",
                        "INFO users.save: 1 keys marked in RAMP, LOCKED",
                        "WARN users.save: 2 keys marked in RAMP, FAILED: java.lang.IllegalStateException");

        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        appender.list.clear();
        listener.drained("users", 1, 0, 1);
        listener.marked("users", "save", Stage.RAMP, 1, "LOCKED", null);
        assertThat(lines())
                .containsExactly(
                        "WARN 3 more lines were suppressed: marks of users, LOCKED",
                        "INFO users.save: 1 keys marked in RAMP, LOCKED");
    }

    @Test
    void failuresAreLoggedByTypeAndStateOnly() {
        SQLException server = new SQLException("Key (email)=(ada@example.org) already exists", "23505");
        listener.parked("users", "42", 12, new ChangeoverException("wrapped: " + server.getMessage(), server));
        listener.backgroundFailed("drain of users", server);
        listener.drainStopped("users", "a batch would remove 90 of 100 keys");
        listener.breakerMoved("users", "OPEN");

        assertThat(lines())
                .containsExactly(
                        "ERROR users: key 42 is parked after 12 attempts:"
                                + " dev.changeover.core.ChangeoverException (SQLSTATE 23505)",
                        "WARN Failed and will be tried again: drain of users: java.sql.SQLException (SQLSTATE 23505)",
                        "ERROR users: the drain stopped: a batch would remove 90 of 100 keys",
                        "WARN users: the breaker of the follower is OPEN");
        assertThat(appender.list).allMatch(event -> event.getThrowableProxy() == null);
    }

    @Test
    void rehearsalsThatDifferAreLoggedRedacted() {
        listener.rehearsed("users", "save", "42", List.of(Difference.of("email", Kind.VALUE, "a@b", "c@d")));
        listener.notShadowed("users", "find", "its result is mutable");

        assertThat(lines()).hasSize(2).noneMatch(line -> line.contains("@"));
        assertThat(lines().get(0)).contains("email", "42", "<String>");
        assertThat(lines().get(1)).isEqualTo("INFO users.find is not shadowed: its result is mutable");
    }

    @Test
    void aCircleOfCausesEnds() {
        IllegalStateException one = new IllegalStateException();
        IllegalStateException two = new IllegalStateException(one);
        one.initCause(two);
        assertThat(Failures.describe(two)).isEqualTo("java.lang.IllegalStateException");
    }
}
