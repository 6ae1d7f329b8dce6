package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.Guarantee;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Guarantee("G3")
class BudgetTest {
    private static final int MANY = 256 + 32 * 10;
    private final Budget budget = new Budget(0.05);

    private void measure(long handOffNanos, long readNanos) {
        for (int i = 0; i < MANY; i++) {
            budget.measured(handOffNanos, readNanos);
        }
    }

    private double admitted() {
        return budget.cost("items", 0).admitted();
    }

    @Test
    void aHandOffWithinTheShareOfTheMedianReadIsAlwaysTaken() {
        measure(40_000, 1_000_000);

        assertThat(admitted()).isEqualTo(1);
        assertThat(IntStream.range(0, 1_000).allMatch(i -> budget.admits())).isTrue();
    }

    @Test
    void aHandOffAboveItIsMostlyShedUntilItIsCheapAgain() {
        measure(60_000, 1_000_000);
        assertThat(admitted()).isEqualTo(1.0 / 64);
        assertThat(IntStream.range(0, 6_400).filter(i -> budget.admits()).count())
                .isBetween(30L, 250L);

        measure(100, 1_000_000);
        measure(100, 1_000_000);
        assertThat(admitted()).isEqualTo(1);
    }

    @Test
    void whatNoCallerNoticesIsTakenHoweverFastTheReadsAre() {
        measure(1_500, 1_000);

        assertThat(admitted()).isEqualTo(1);
    }

    @Test
    void aFewPausesOfTheMachineDoNotSpendTheBudget() {
        for (int i = 0; i < MANY; i++) {
            budget.measured(i % 5 == 0 ? 500_000_000 : 1_000, 1_000_000);
        }

        assertThat(admitted()).isEqualTo(1);
    }

    @Test
    void theMedianOfAStreamIsFoundToAFewPercent() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RunningMedian median = new RunningMedian();
        median.add(10_000_000);
        for (int i = 0; i < 5_000; i++) {
            median.add((long) (100_000 * Math.exp(random.nextGaussian())));
        }

        assertThat(median.nanos()).as("seed %s", seed).isBetween(60_000L, 160_000L);
    }
}
