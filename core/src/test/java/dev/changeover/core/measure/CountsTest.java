package dev.changeover.core.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Side;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told is the difference of two looks at counters that are counted one after the other. */
class CountsTest {

    private static Counts one(long failures) {
        return new Counts(
                List.of(),
                List.of(new CallCount(
                        "accounts",
                        "find",
                        Side.NEW,
                        failures,
                        10,
                        Latencies.of(new long[] {1}),
                        Latencies.of(new long[] {1}))));
    }

    @Test
    void aFailureThatIsSeenOneLookLaterThanItsCallIsNotLost() {
        assertThat(one(1).since(one(0)).calls()).singleElement().satisfies(late -> {
            assertThat(late.failures()).isOne();
            assertThat(late.calls()).isZero();
        });
        assertThat(one(1).since(one(1)).isEmpty()).isTrue();
    }
}
