package dev.changeover.shadowcompare;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a verification, described at {@link Verification.Builder}.
 *
 * @param rangeSize keys of each side in a range, or 0 to let it follow the time that ranges take
 * @param rate keys a second at most, or 0
 * @param request on whose behalf, or null
 */
record VerificationSettings<K>(
        VerificationMode mode,
        VerificationScope<K> scope,
        int rangeSize,
        int listed,
        int kept,
        int recheckRounds,
        Duration recheckPause,
        Duration timeout,
        boolean mayBeEmpty,
        LongSupplier rate,
        List<Invariant> invariants,
        @Nullable Long request,
        Consumer<VerificationProgress> progress,
        DivergenceLog divergences,
        Clock clock) {}
