package dev.changeover.examples.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HistogramTest {

    @Test
    void percentiles_are_right_to_an_eighth() {
        Histogram histogram = new Histogram();
        for (int i = 1; i <= 1000; i++) {
            histogram.record(i * 1_000_000L);
        }

        assertThat(histogram.snapshot().millis(0.50)).isCloseTo(500, within(65.0));
        assertThat(histogram.snapshot().millis(0.99)).isCloseTo(990, within(125.0));
        assertThat(histogram.snapshot().count()).isEqualTo(1000);
    }

    @Test
    void an_interval_holds_only_what_came_after_its_begin() {
        Histogram histogram = new Histogram();
        histogram.record(1_000);
        Histogram.Snapshot begin = histogram.snapshot();
        histogram.record(1_000_000_000);

        assertThat(histogram.snapshot().since(begin).count()).isEqualTo(1);
        assertThat(histogram.snapshot().since(begin).millis(0.5)).isGreaterThan(999);
    }

    @Test
    void nothing_measured_is_zero() {
        assertThat(new Histogram().snapshot().millis(0.99)).isZero();
    }
}
