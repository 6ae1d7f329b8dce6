package dev.changeover.console.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** Times as people read them. */
public final class Ages {

    private Ages() {}

    /** Returns how long that is, in its two largest units: {@code 3m 12s}. */
    public static String of(double seconds) {
        Duration age = Duration.ofSeconds(Math.max(0, Math.round(seconds)));
        if (age.toDays() > 0) {
            return age.toDays() + "d " + age.toHoursPart() + "h";
        } else if (age.toHours() > 0) {
            return age.toHours() + "h " + age.toMinutesPart() + "m";
        } else if (age.toMinutes() > 0) {
            return age.toMinutes() + "m " + age.toSecondsPart() + "s";
        }
        return age.toSeconds() + "s";
    }

    /** Returns the age in a field of seconds; nothing for null. */
    public static String of(JsonNode node, String field) {
        return node.hasNonNull(field) ? of(node.get(field).asDouble()) : "";
    }

    /** Returns a time of the database to the second, in UTC; nothing for null. */
    public static String time(JsonNode node, String field) {
        if (!node.hasNonNull(field)) {
            return "";
        }
        return OffsetDateTime.parse(node.get(field).asText())
                .toInstant()
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
