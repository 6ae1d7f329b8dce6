package dev.changeover.core.internal;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes what the control schema keeps as JSON. */
public final class Json {

    private Json() {}

    /**
     * Writes a map, a collection, a number, a truth value or null as what it is in JSON, and anything else as its text.
     */
    public static String of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> text(String.valueOf(entry.getKey())) + ":" + of(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Collection<?> elements) {
            return elements.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
        }
        boolean plain = value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long;
        return plain ? String.valueOf(value) : text(String.valueOf(value));
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().forEach(each -> {
            if (each == '"' || each == '\\') {
                quoted.append('\\').appendCodePoint(each);
            } else if (each == 0 || Character.getType(each) == Character.SURROGATE) {
                quoted.append('?'); // PostgreSQL's jsonb has neither
            } else if (each < ' ') {
                quoted.append(String.format("\\u%04x", each));
            } else {
                quoted.appendCodePoint(each);
            }
        });
        return quoted.append('"').toString();
    }
}
