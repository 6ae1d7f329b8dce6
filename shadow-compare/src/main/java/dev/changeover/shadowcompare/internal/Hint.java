package dev.changeover.shadowcompare.internal;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * In which way two redacted values differ, where that can be said without telling them: it is what most often names
 * the faulty rule of a mapping.
 */
final class Hint {

    private Hint() {}

    static String of(@Nullable Object authority, @Nullable Object follower) {
        String hint = "";
        if (authority instanceof String a && follower instanceof String b) {
            hint = texts(a, b);
        } else if (authority instanceof BigDecimal a && follower instanceof BigDecimal b) {
            hint = a.compareTo(b) == 0 ? "another scale" : "";
        } else if (authority != null && follower != null && Times.comparable(authority, follower)) {
            hint = times(Times.distance(authority, follower));
        }
        return hint.isEmpty() ? "" : " (" + hint + ")";
    }

    private static String texts(String a, String b) {
        if (a.strip().equals(b.strip())) {
            return "only blanks around it differ";
        }
        return a.equalsIgnoreCase(b) ? "only upper and lower case differ" : "";
    }

    private static String times(Duration distance) {
        if (distance.isZero()) {
            return "the same instant";
        }
        if (distance.compareTo(Duration.ofMillis(1)) < 0) {
            return "less than 1 ms apart";
        }
        if (distance.compareTo(Duration.ofSeconds(1)) < 0) {
            return "less than 1 s apart";
        }
        return distance.toSecondsPart() == 0 && distance.toNanosPart() == 0 && distance.toHours() <= 14
                ? "whole minutes apart, perhaps a time zone"
                : "";
    }
}
