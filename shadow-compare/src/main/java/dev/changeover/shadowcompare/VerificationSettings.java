package dev.changeover.shadowcompare;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/** The settings of a verification, described at {@link Verification.Builder}. */
record VerificationSettings(
        int rangeSize,
        int listed,
        int recheckRounds,
        Duration recheckPause,
        Duration timeout,
        boolean mayBeEmpty,
        Consumer<VerificationProgress> progress,
        DivergenceLog divergences,
        Clock clock) {}
