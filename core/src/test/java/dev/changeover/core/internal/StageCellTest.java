package dev.changeover.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StageCellTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 50); // nanoTime may overflow
    private final AtomicInteger asked = new AtomicInteger();
    private RepositoryState answer = state(Stage.DUAL_WRITE, 2, 1);
    private final StageCell cell = new StageCell(state(Stage.LEGACY_ONLY, 1, 1), clock.get() + 100, clock::get, () -> {
        asked.incrementAndGet();
        return answer;
    });

    private static RepositoryState state(Stage stage, long epoch, long revision) {
        return new RepositoryState("users", 1, stage, epoch, 0, revision, Set.of(), Set.of(), false, null);
    }

    @Test
    void aFreshStateIsGivenWithoutAsking() {
        clock.addAndGet(99);
        assertThat(cell.fresh().stage()).isEqualTo(Stage.LEGACY_ONLY);
        assertThat(asked).hasValue(0);
    }

    @Test
    void afterTheLeaseItIsAskedFor() {
        clock.addAndGet(100);
        assertThat(cell.fresh().stage()).isEqualTo(Stage.DUAL_WRITE);
        assertThat(asked).hasValue(1);
    }

    @Test
    void withoutAnAnswerTheLastStateIsGiven() {
        clock.addAndGet(100);
        answer = null;
        assertThat(cell.fresh().stage()).isEqualTo(Stage.LEGACY_ONLY);
    }

    @Test
    void aNewerStateIsNewsOnce() {
        assertThat(cell.publish(state(Stage.DUAL_WRITE, 2, 1))).isTrue();
        assertThat(cell.publish(state(Stage.DUAL_WRITE, 2, 1))).isFalse();
        assertThat(cell.publish(state(Stage.DUAL_WRITE, 2, 2))).isTrue();
        assertThat(cell.fresh().revision()).isEqualTo(2);
        assertThat(asked).hasValue(0);
    }

    @Test
    void itNeverGoesBackToAnOlderState() {
        cell.publish(state(Stage.SHADOW, 3, 5));

        assertThat(cell.publish(state(Stage.DUAL_WRITE, 2, 9))).isFalse();
        assertThat(cell.publish(state(Stage.SHADOW, 3, 4))).isFalse();
        assertThat(cell.last().stage()).isEqualTo(Stage.SHADOW);
        assertThat(cell.last().revision()).isEqualTo(5);
    }

    @Test
    void theLeaseIsRenewedByTheControlSchemaAloneAndNeverShortened() {
        cell.publish(state(Stage.SHADOW, 3, 5));
        cell.extend(clock.get() + 200);
        cell.extend(clock.get() + 10);
        clock.addAndGet(199);
        cell.fresh();
        assertThat(asked).hasValue(0);
        clock.addAndGet(1);
        cell.fresh();
        assertThat(asked).hasValue(1);
    }

    @Test
    void anEpochThatTheFenceToldEndsTheLease() {
        cell.entered(2);
        assertThat(cell.freshOrNull()).isNull();
        assertThat(cell.use()).isNull();
    }

    @Test
    void anOlderStateIsAcknowledgedWhileAUnitUsesIt() {
        RepositoryState used = cell.use();
        cell.publish(state(Stage.DUAL_WRITE, 2, 1));
        assertThat(cell.acknowledged().epoch()).isEqualTo(1);
        cell.release(used);
        assertThat(cell.acknowledged().epoch()).isEqualTo(2);
    }
}
