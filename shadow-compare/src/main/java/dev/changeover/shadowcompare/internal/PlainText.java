package dev.changeover.shadowcompare.internal;

/**
 * Texts of the application as they may be stored and shown: bounded, and without characters that a terminal, a log or
 * PostgreSQL takes for something else. Line ends, escapes, marks of direction and halves of surrogate pairs are written
 * as their code.
 */
public final class PlainText {
    /** The longest name of an operation. */
    public static final int OPERATION = 120;
    /** The longest path of a field. */
    public static final int PATH = 200;
    /** The longest value that is shown. */
    public static final int VALUE = 160;

    private static final String CUT = "...";

    private PlainText() {}

    /** Returns the text, or its beginning; never more than {@code limit} characters. The rest of it is not looked at. */
    public static String of(String text, int limit) {
        int end = Math.min(text.length(), limit);
        return text.length() <= limit && isPlain(text) ? text : rewritten(text, end, limit);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return !Character.isSurrogate(c) && isVisible(Character.getType(c));
    }

    private static boolean isVisible(int type) {
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    private static String rewritten(String text, int end, int limit) {
        StringBuilder result = new StringBuilder(limit);
        for (int i = 0; i < end; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            String one = shown(point);
            boolean last = i >= text.length();
            if (result.length() + one.length() > (last ? limit : limit - CUT.length())) {
                return result.append(CUT).toString();
            }
            result.append(one);
        }
        return end < text.length() ? result.append(CUT).toString() : result.toString();
    }

    private static String shown(int point) {
        if (Character.isBmpCodePoint(point) ? isPlain((char) point) : isVisible(Character.getType(point))) {
            return Character.toString(point);
        }
        return String.format("\\u%04x", point);
    }
}
