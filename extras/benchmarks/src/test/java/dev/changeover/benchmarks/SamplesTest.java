package dev.changeover.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.benchmarks.Samples.Interval;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void theIntervalOfFortyValuesGoesFromTheFourteenthToTheTwentySeventh() {
        double[] values = IntStream.rangeClosed(1, 40).asDoubleStream().toArray();

        assertThat(Interval.of(values)).isEqualTo(new Interval(20.5, 14, 27));
    }

    @Test
    void fewValuesGiveTheirRange() {
        assertThat(Interval.of(3, 1, 2)).isEqualTo(new Interval(2, 1, 3));
    }

    @Test
    void aQuantileIsOneOfTheValues() {
        double[] values = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();

        assertThat(Samples.quantile(0.95, values)).isEqualTo(95);
        assertThat(Samples.quantile(1, values)).isEqualTo(100);
    }
}
