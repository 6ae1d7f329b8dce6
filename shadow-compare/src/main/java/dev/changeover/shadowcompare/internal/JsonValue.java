package dev.changeover.shadowcompare.internal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a JSON text as the value that PostgreSQL's {@code jsonb} keeps: blanks and the order of keys do not matter, the
 * last of two equal keys counts, numbers count by value. What is deep or has a long number is not read, so that a
 * hostile text exhausts neither the stack nor the processor.
 */
final class JsonValue {
    private static final int DEEPEST = 200;
    private static final String NUMBER = "(?=.{1,1000}$)-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,4})?";

    private final String text;
    private int at;

    private JsonValue(String text) {
        this.text = text;
    }

    /** Tells whether both texts are JSON and of one value. */
    static boolean same(Object a, Object b) {
        Optional<Object> one = read((String) a);
        return one.isPresent() && one.equals(read((String) b));
    }

    private static Optional<Object> read(String text) {
        try {
            JsonValue json = new JsonValue(text);
            Object value = json.value(0);
            return json.at == text.length() ? Optional.of(value) : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException notJson) {
            return Optional.empty();
        }
    }

    private Object value(int depth) {
        require(depth < DEEPEST);
        Object value = switch (next()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> literal();
        };
        blanks();
        return value;
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> members = new HashMap<>();
        for (boolean more = opens('}'); more; more = goesOn('}')) {
            require(next() == '"');
            String name = string();
            require(next() == ':');
            at++;
            members.put(name, value(depth + 1));
        }
        return members;
    }

    private List<Object> array(int depth) {
        List<Object> elements = new ArrayList<>();
        for (boolean more = opens(']'); more; more = goesOn(']')) {
            elements.add(value(depth + 1));
        }
        return elements;
    }

    /** Steps over the opening bracket, and over the closing one if nothing is between them. */
    private boolean opens(char close) {
        at++;
        boolean more = next() != close;
        at += more ? 0 : 1;
        return more;
    }

    private boolean goesOn(char close) {
        char separator = text.charAt(at++);
        require(separator == ',' || separator == close);
        return separator == ',';
    }

    private String string() {
        StringBuilder read = new StringBuilder();
        for (char each = text.charAt(++at); each != '"'; each = text.charAt(++at)) {
            require(each >= ' ');
            read.append(each == '\\' ? escaped(text.charAt(++at)) : each);
        }
        at++;
        return read.toString();
    }

    private char escaped(char name) {
        if (name == 'u') {
            String digits = text.substring(at + 1, at + 5);
            at += 4;
            require(digits.matches("[0-9a-fA-F]{4}"));
            return (char) Integer.parseInt(digits, 16);
        }
        return "\"\\/\b\f\n\r\t".charAt("\"\\/bfnrt".indexOf(name));
    }

    private Object literal() {
        int start = at;
        while (at < text.length() && " \t\n\r,]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true", "false" -> Boolean.valueOf(word);
            case "null" -> Optional.empty();
            default -> number(word);
        };
    }

    private static BigDecimal number(String digits) {
        require(digits.matches(NUMBER));
        return new BigDecimal(digits).stripTrailingZeros();
    }

    private char next() {
        blanks();
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw new IllegalArgumentException("not JSON");
        }
    }
}
