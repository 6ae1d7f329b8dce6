package dev.changeover.shadowcompare;

import dev.changeover.core.measure.Measurements;
import dev.changeover.core.spi.Transactions;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of shadow reads, the same for every repository.
 *
 * @param sampled the buckets below this, of 10,000, are compared
 * @param attempts how many snapshots are tried to decide a difference
 * @param coin decides which of two reads comes first
 * @param rereads decides whether the serving side is asked a second time
 * @param budget the share of the median read that a caller may spend on a shadow read
 * @param work the share of the time for which a worker may be at work
 * @param observations where the caller's observation is found
 * @param executor where the workers run until they are closed, or null for threads of their own
 */
record ShadowSettings(
        Transactions transactions,
        int sampled,
        int queueCapacity,
        int threads,
        Duration deadline,
        int attempts,
        CircuitBreakerConfig breaker,
        DivergenceLog divergences,
        @Nullable MeterRegistry meters,
        @Nullable Measurements measurements,
        Clock clock,
        BooleanSupplier coin,
        BooleanSupplier rereads,
        double budget,
        double work,
        ObservationRegistry observations,
        @Nullable Executor executor) {}
