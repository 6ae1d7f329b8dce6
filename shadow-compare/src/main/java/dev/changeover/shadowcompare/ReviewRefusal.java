package dev.changeover.shadowcompare;

import dev.changeover.core.ConfigurationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The control schema refuses with {@code path: problem} and a hint, whatever the language of the words around them. */
final class ReviewRefusal {
    private static final Pattern MESSAGE =
            Pattern.compile("[^:]*: (review[.a-z]*): ([^\\n]*)\\n[^:\\n]*: ([^\\n]*).*", Pattern.DOTALL);

    private ReviewRefusal() {}

    static ConfigurationException of(String message) {
        Matcher parts = MESSAGE.matcher(message);
        return parts.matches()
                ? new ConfigurationException(parts.group(1), parts.group(2), parts.group(3))
                : new ConfigurationException("review", message, "See changeover.check_review");
    }
}
