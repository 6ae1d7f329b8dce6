package dev.changeover.examples.data;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of PostgreSQL's COPY text format. */
final class CopyLine {

    private final StringBuilder line = new StringBuilder(160);

    /** Adds a column. */
    CopyLine with(@Nullable Object value) {
        if (!line.isEmpty()) {
            line.append('\t');
        }
        if (value == null) {
            line.append("\\N");
        } else {
            append(value.toString());
        }
        return this;
    }

    CopyLine with(@Nullable Instant value) {
        return with((Object) value);
    }

    private void append(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\t' -> line.append("\\t");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                default -> line.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return line.append('\n').toString();
    }
}
