package dev.changeover.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.BackfillProgress.Remaining;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Acceptance;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MicrometerListenerTest {

    private final AtomicInteger made = new AtomicInteger();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerListener listener = new MicrometerListener(registry);

    @Test
    void readsAndWritesAreTimedBySideAndOutcome() {
        listener.readServed("users", "find", Side.LEGACY, 5_000_000, false);
        listener.readServed("users", "find", Side.NEW, 7_000_000, false);
        listener.readServed("users", "find", Side.NEW, 1, true);
        listener.writeServed("users", "save", Stage.DUAL_WRITE, Side.LEGACY, 3_000_000, false);
        listener.writeServed("users", "save", Stage.NEW_PRIMARY, Side.NEW, 4_000_000, true);
        listener.followed("users", "save", Stage.DUAL_WRITE, 2_000_000);

        assertThat(registry.get("changeover.read")
                        .tags("side", "NEW", "outcome", "ok")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(7);
        assertThat(registry.get("changeover.read").timers()).hasSize(3);
        assertThat(registry.get("changeover.write")
                        .tags("stage", "NEW_PRIMARY", "side", "NEW", "outcome", "failed")
                        .timer()
                        .count())
                .isOne();
        assertThat(registry.get("changeover.follower")
                        .tags("repository", "users", "operation", "save", "stage", "DUAL_WRITE")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(2);
    }

    @Test
    void marksFallbacksAndRehearsalsAreCountedByReason() {
        listener.marked("users", "save", Stage.RAMP, 3, "LOCKED", null);
        listener.marked("users", "save", Stage.RAMP, 1, "LOCKED", null);
        listener.marked("users", "save", Stage.RAMP, 1, "FAILED", new IllegalStateException());
        listener.readFellBack("users", "find", "MARKED");
        listener.rehearsed("users", "save", "secret-key", List.of());
        listener.rehearsed("users", "save", "secret-key", List.of(Difference.of("name", Kind.VALUE, "a", "b")));
        Difference accepted =
                Difference.of("name", Kind.VALUE, "a", "b").acceptedBy(new Acceptance("ann", "#12", Instant.MAX));
        listener.rehearsed("users", "save", "secret-key", List.of(accepted));
        listener.rehearsalSkipped("users", "save", "MARKED");

        assertThat(counter("changeover.marked", "reason", "LOCKED")).isEqualTo(4);
        assertThat(counter("changeover.marked", "reason", "FAILED")).isOne();
        assertThat(counter("changeover.read.fallback", "reason", "MARKED")).isOne();
        assertThat(counter("changeover.rehearsal", "outcome", "equal")).isOne();
        assertThat(counter("changeover.rehearsal", "outcome", "different")).isOne();
        assertThat(counter("changeover.rehearsal", "outcome", "accepted")).isOne();
        assertThat(counter("changeover.rehearsal", "outcome", "skipped", "reason", "MARKED"))
                .isOne();
    }

    @Test
    void theBackgroundIsCounted() {
        listener.drained("users", 10, 2, 1_000_000);
        listener.parked("users", "secret-key", 12, new IllegalStateException());
        listener.drainStopped("users", "too many removals");
        listener.backgroundFailed("poll", new IllegalStateException());

        assertThat(counter("changeover.drained", "outcome", "ok")).isEqualTo(10);
        assertThat(counter("changeover.drained", "outcome", "failed")).isEqualTo(2);
        assertThat(registry.get("changeover.drain").timer().count()).isOne();
        assertThat(counter("changeover.parked")).isOne();
        assertThat(counter("changeover.drain.stopped")).isOne();
        assertThat(counter("changeover.background.failed")).isOne();
    }

    @Test
    void gaugesFollowWhatWasSeen() {
        listener.stageSeen("users", Stage.RAMP, 7, 25);
        listener.breakerMoved("users", "OPEN");
        listener.foreignChanges("users", 3);
        listener.copied(new BackfillProgress("users", 10, 100, 0, 0, 1, 5, null, null, false), "BACKFILL");
        assertThat(gauge("changeover.copy.remaining")).isNaN();
        assertThat(gauge("changeover.copy.held")).isZero();
        Remaining left = new Remaining(Duration.ofSeconds(6), Duration.ofSeconds(7), Duration.ofSeconds(8));
        listener.copied(new BackfillProgress("users", 20, 90, 0, 0, 2, 6, left, "paused", false), "BACKFILL");

        assertThat(gauge("changeover.stage")).isEqualTo(Stage.RAMP.ordinal());
        assertThat(gauge("changeover.percent")).isEqualTo(25);
        assertThat(gauge("changeover.epoch")).isEqualTo(7);
        assertThat(gauge("changeover.breaker")).isEqualTo(2);
        assertThat(gauge("changeover.foreign.changes")).isEqualTo(3);
        assertThat(gauge("changeover.copy.rows")).isEqualTo(20);
        assertThat(gauge("changeover.copy.estimated")).isEqualTo(90);
        assertThat(gauge("changeover.copy.workers")).isEqualTo(2);
        assertThat(gauge("changeover.copy.held")).isOne();
        assertThat(gauge("changeover.copy.remaining")).isEqualTo(7);
        assertThat(gauge("changeover.copy.remaining.most")).isEqualTo(8);

        listener.stageSeen("users", Stage.NEW_PRIMARY, 8, 100);
        listener.breakerMoved("users", "CLOSED");
        System.gc(); // gauges hold what they show
        assertThat(gauge("changeover.stage")).isEqualTo(Stage.NEW_PRIMARY.ordinal());
        assertThat(gauge("changeover.breaker")).isZero();
    }

    @Test
    void noTagIsAKeyAndNoMeterIsMadeTwice() {
        theBackgroundIsCounted();
        marksFallbacksAndRehearsalsAreCountedByReason();
        registry.config().onMeterAdded(meter -> made.incrementAndGet());
        for (int i = 0; i < 100; i++) {
            listener.rehearsed("users", "save", "key" + i, List.of());
            listener.parked("users", "key" + i, 1, new IllegalStateException());
            listener.marked("users", "save", Stage.RAMP, 1, "LOCKED", null);
        }

        assertThat(made).hasValue(0);
        assertThat(registry.getMeters())
                .flatExtracting(MicrometerListenerTest::keys)
                .isSubsetOf(Set.of("repository", "operation", "side", "stage", "outcome", "reason", "job"));
        assertThat(registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .noneMatch(value -> value.contains("key"));
    }

    private static List<String> keys(Meter meter) {
        return meter.getId().getTags().stream().map(Tag::getKey).toList();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private double gauge(String name) {
        return registry.get(name).tags("repository", "users").gauge().value();
    }
}
