package dev.changeover.core.control;

import org.jspecify.annotations.Nullable;

/** Texts as PostgreSQL's jsonb takes them. */
public final class JsonText {

    private JsonText() {}

    /** Returns the text in quotation marks, or {@code null}. */
    public static String quoted(@Nullable String value) {
        if (value == null) {
            return "null";
        }
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
