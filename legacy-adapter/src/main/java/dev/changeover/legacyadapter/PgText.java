package dev.changeover.legacyadapter;

import static java.time.format.DateTimeFormatter.ISO_LOCAL_DATE;
import static java.time.format.DateTimeFormatter.ISO_LOCAL_TIME;

import java.time.Instant;
import java.time.LocalDate;
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
            .appendOffset("+HH:mm:ss", "Z")
            .toFormatter();

    private PgText() {}

    static Instant instant(String text) {
        int zone = zone(text);
        return isPlain(text, zone)
                ? plain(text, zone)
                : OffsetDateTime.parse(text, ZONED).toInstant();
    }

    /** Returns where an offset of hours begins, with or without minutes, or -1. */
    private static int zone(String text) {
        int hours = text.length() - 3;
        int minutes = text.length() - 6;
        if (isSign(text, hours)) {
            return hours;
        }
        return isSign(text, minutes) && text.charAt(hours) == ':' ? minutes : -1;
    }

    private static boolean isSign(String text, int at) {
        return at >= 19 && (text.charAt(at) == '+' || text.charAt(at) == '-');
    }

    /** Nearly all have four digits of a year and an offset without seconds; the formatter, which reads all, is slow. */
    private static boolean isPlain(String text, int zone) {
        return zone > 0 && text.charAt(4) == '-' && text.charAt(10) == ' ' && (zone == 19 || text.charAt(19) == '.');
    }

    private static Instant plain(String text, int zone) {
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        int second = number(text, 11, 13) * 3600 + number(text, 14, 16) * 60 + number(text, 17, 19);
        return Instant.ofEpochSecond(day * 86_400 + second - offset(text, zone), nanos(text, zone));
    }

    private static int offset(String text, int zone) {
        int minutes = zone == text.length() - 6 ? number(text, zone + 4, zone + 6) : 0;
        int seconds = number(text, zone + 1, zone + 3) * 3600 + minutes * 60;
        return text.charAt(zone) == '-' ? -seconds : seconds;
    }

    private static int nanos(String text, int zone) {
        int nanos = 0;
        for (int i = 20; i < 29; i++) {
            nanos = nanos * 10 + (i < zone ? Character.digit(text.charAt(i), 10) : 0);
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
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
