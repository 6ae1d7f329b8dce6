package dev.changeover.legacyadapter;

import static java.time.format.DateTimeFormatter.ISO_LOCAL_DATE;
import static java.time.format.DateTimeFormatter.ISO_LOCAL_TIME;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** The text forms of PostgreSQL, with the date style ISO, on which the driver insists. */
final class PgText {

    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(ISO_LOCAL_TIME)
            .toFormatter();

    /** The offset is that of the session; offsets of former centuries have seconds. */
    private static final DateTimeFormatter ZONED = new DateTimeFormatterBuilder()
            .append(LOCAL)
            .appendOffset("+HH:mm:ss", "+00")
            .toFormatter();

    private PgText() {}

    static Instant instant(String text) {
        return OffsetDateTime.parse(text, ZONED).toInstant();
    }

    static LocalDateTime local(String text) {
        return LocalDateTime.parse(text, LOCAL);
    }

    static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }
}
