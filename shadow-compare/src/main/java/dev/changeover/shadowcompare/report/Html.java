package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.internal.PlainText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * HTML that is well-formed and escaped by construction: names of elements and attributes are this package's, every text
 * and every value of an attribute is bounded and escaped. Not thread-safe.
 */
final class Html {
    private static final int LONGEST = 2_000;

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are names and values in turn, and one whose value is empty is left out. */
    Html open(String element, String... attributes) {
        start(element, attributes);
        out.append('>');
        open.push(element);
        return this;
    }

    /** Writes an element that has no content. */
    Html empty(String element, String... attributes) {
        start(element, attributes);
        out.append("/>");
        return this;
    }

    private void start(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            if (!attributes[i + 1].isEmpty()) {
                out.append(' ').append(attributes[i]).append("=\"");
                escape(attributes[i + 1]);
                out.append('"');
            }
        }
    }

    Html close() {
        out.append("</").append(open.pop()).append(">");
        return this;
    }

    Html text(String text) {
        escape(PlainText.of(text, LONGEST));
        return this;
    }

    /** Writes an element that has only text in it. */
    Html element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    Html add(Html other) {
        out.append(other.out);
        return this;
    }

    /** Writes the page's own style sheet, which is a constant. */
    Html style(String css) {
        out.append("<style>").append(css).append("</style>");
        return this;
    }

    boolean isEmpty() {
        return out.length() == 0;
    }

    /** Numbers of drawings. */
    static String at(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
