package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Every divergence of a group has the same chance to be among its samples, wherever in the order it comes. */
class ReservoirTest {

    private static final int GROUPS = 4_000;
    private static final int DIVERGENCES = 40;

    /** What 39 degrees of freedom exceed once in a million. */
    private static final double IMPROBABLE = 98;

    /** Returns how far the places of those that stay are from being as frequent as each other (chi-squared). */
    private static double bias(LongSupplier ranks) {
        long[] stayed = new long[DIVERGENCES];
        for (int group = 0; group < GROUPS; group++) {
            Reservoir reservoir = new Reservoir();
            for (int i = 0; i < DIVERGENCES; i++) {
                reservoir.offer(divergence(i), ranks.getAsLong());
            }
            reservoir
                    .ranked()
                    .forEach(each ->
                            stayed[Integer.parseInt(String.valueOf(each.sample().key()))]++);
        }
        double expected = (double) GROUPS * Reservoir.SIZE / DIVERGENCES;
        double sum = 0;
        for (long each : stayed) {
            sum += (each - expected) * (each - expected) / expected;
        }
        return sum;
    }

    private static Divergence divergence(int number) {
        return new Divergence(
                "items",
                "find",
                String.valueOf(number),
                new Difference("name", Kind.VALUE, "a", "b"),
                1,
                Instant.EPOCH);
    }

    @Test
    void noPlaceInTheOrderIsPreferred() {
        assertThat(bias(DivergenceGroups.atRandom())).isLessThan(IMPROBABLE);
    }

    @Test
    void aReservoirThatKeptTheFirstOrTheLastOrFavouredTheEarlyWouldBeCaught() {
        AtomicLong count = new AtomicLong();
        assertThat(bias(count::incrementAndGet)).as("keeps the first").isGreaterThan(IMPROBABLE);
        assertThat(bias(count::decrementAndGet)).as("keeps the last").isGreaterThan(IMPROBABLE);
        Random random = new Random(4);
        assertThat(bias(() -> Math.floorMod(count.incrementAndGet(), DIVERGENCES) / 4 + random.nextInt(100)))
                .as("favours the early a little")
                .isGreaterThan(IMPROBABLE);
    }
}
