package dev.changeover.legacyadapter;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.Collection;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values as JSON tokens. Scalars are texts, which the server reads with the input function of the column's type. */
final class Json {

    static final String NULL = "null";

    private Json() {}

    static String token(@Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        return value instanceof Collection<?> elements ? array(elements) : quoted(text(value));
    }

    private static String array(Collection<?> elements) {
        return "[" + String.join(",", elements.stream().map(Json::token).toList()) + "]";
    }

    /** Only types whose text PostgreSQL reads back as the same value. */
    private static String text(Object value) {
        if (value instanceof Temporal temporal) {
            return temporal(temporal);
        }
        if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof UUID) {
            return value.toString();
        }
        throw new IllegalArgumentException(value.getClass().getName() + " has no text that PostgreSQL is known to read."
                + " Set the text of the value instead");
    }

    /** Microseconds are what the server keeps; cut rather than rounded, so that reading back gives the same. */
    private static String temporal(Temporal value) {
        if (value instanceof OffsetDateTime time) {
            return temporal(time.toInstant());
        }
        if (value instanceof ZonedDateTime time) {
            return temporal(time.toInstant());
        }
        return (value instanceof Instant instant ? instant.truncatedTo(ChronoUnit.MICROS) : value).toString();
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
