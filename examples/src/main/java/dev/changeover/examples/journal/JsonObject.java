package dev.changeover.examples.journal;

import org.jspecify.annotations.Nullable;

/** A flat JSON object on one line. */
final class JsonObject {

    private final StringBuilder json = new StringBuilder("{");

    JsonObject put(String name, @Nullable Object value) {
        if (json.length() > 1) {
            json.append(',');
        }
        json.append('"').append(name).append("\":");
        if (value == null || value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            quote(value.toString());
        }
        return this;
    }

    private void quote(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    @Override
    public String toString() {
        return json + "}";
    }
}
