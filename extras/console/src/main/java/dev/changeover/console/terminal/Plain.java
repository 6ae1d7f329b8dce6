package dev.changeover.console.terminal;

import org.jspecify.annotations.Nullable;

/**
 * Texts that somebody else wrote, as a terminal may see them: on one line, bounded, and with everything that a terminal
 * takes for a command (escapes, other control characters, marks of direction) written as its code.
 */
public final class Plain {
    private static final String CUT = "...";

    private Plain() {}

    /** Returns the text, or its beginning of {@code limit} characters; nothing for null. */
    public static String of(@Nullable String text, int limit) {
        if (text == null) {
            return "";
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            String shown = shown(point);
            if (plain.length() + shown.length() > limit - (i < text.length() ? CUT.length() : 0)) {
                return plain.append(CUT).toString();
            }
            plain.append(shown);
        }
        return plain.toString();
    }

    private static String shown(int point) {
        return isVisible(point) ? Character.toString(point) : String.format("\\u%04x", point);
    }

    private static boolean isVisible(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.PRIVATE_USE
                && type != Character.UNASSIGNED
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
