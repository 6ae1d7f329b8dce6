package dev.changeover.shadowcompare.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Points in time and lengths of time, whatever type an entity keeps them in. */
final class Times {
    private static final Set<Class<?>> TYPES = Set.of(
            Instant.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            LocalDateTime.class,
            LocalTime.class,
            Duration.class,
            java.util.Date.class,
            java.sql.Timestamp.class);

    private Times() {}

    static boolean isTime(Class<?> type) {
        return TYPES.contains(type);
    }

    static boolean comparable(Object a, Object b) {
        return isTime(a.getClass()) && isTime(b.getClass()) && kind(a) == kind(b);
    }

    /** Returns how far two values of one type are apart, never negative. */
    static Duration distance(Object a, Object b) {
        if (a instanceof Duration x && b instanceof Duration y) {
            return x.minus(y).abs();
        }
        return Duration.between(point(a), point(b)).abs();
    }

    private static Temporal point(Object value) {
        Instant instant = instant(value);
        return instant == null ? (Temporal) value : instant;
    }

    private static Class<?> kind(Object value) {
        return instant(value) == null ? value.getClass() : Instant.class;
    }

    private static @Nullable Instant instant(Object value) {
        if (value instanceof ZonedDateTime zoned) {
            return zoned.toInstant();
        }
        if (value instanceof OffsetDateTime offset) {
            return offset.toInstant();
        }
        if (value instanceof java.util.Date date) {
            return date.toInstant();
        }
        return value instanceof Instant instant ? instant : null;
    }
}
