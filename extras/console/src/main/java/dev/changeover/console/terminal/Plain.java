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
        for (int i = 0; i < text.length() && plain.length() <= limit; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            plain.append(shown(point));
        }
        return plain.length() <= limit ? plain.toString() : cut(plain, limit - CUT.length()) + CUT;
    }

    private static String cut(StringBuilder plain, int end) {
        boolean inPair = end > 0 && Character.isHighSurrogate(plain.charAt(end - 1));
        return plain.substring(0, inPair ? end - 1 : end);
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
