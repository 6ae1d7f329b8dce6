package dev.changeover.examples.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Time as PostgreSQL keeps it. */
public final class Times {

    private Times() {}

    /** Returns the instant in microseconds, rounded down: what is written is what is read back. */
    public static Instant micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    static @Nullable Instant microsOrNull(@Nullable Instant instant) {
        return instant == null ? null : micros(instant);
    }

    /** Returns the whole seconds between the two, rounded down as the guide does; null if one is missing. */
    static @Nullable Long seconds(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? null : Duration.between(from, to).getSeconds();
    }
}
