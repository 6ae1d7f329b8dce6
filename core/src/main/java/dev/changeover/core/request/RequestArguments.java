package dev.changeover.core.request;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for, as text, since it comes from outside. Each method refuses what it cannot use with a
 * {@link ConfigurationException} that names the argument and the remedy. Immutable.
 */
public final class RequestArguments {

    /**
     * One argument.
     *
     * @param kind its type in JSON
     * @param elements its elements as text, one if it is no list, none if it is null
     */
    record Argument(String kind, List<String> elements) {}

    private final String verb;
    private final Map<String, Argument> arguments;

    RequestArguments(String verb, Map<String, Argument> arguments) {
        this.verb = verb;
        this.arguments = Map.copyOf(arguments);
    }

    /** Refuses arguments that have other names, so that a misspelt one is not taken for one that is not there. */
    public RequestArguments only(String... names) {
        for (String given : new TreeSet<>(arguments.keySet())) {
            if (!Arrays.asList(names).contains(given)) {
                throw refused(given, "there is no such argument", "Give any of: " + String.join(", ", names));
            }
        }
        return this;
    }

    /** Tells whether it was given, and is not null. */
    public boolean has(String name) {
        Argument argument = arguments.get(name);
        return argument != null && !argument.kind().equals("null");
    }

    /** Returns a text. */
    public String text(String name) {
        Argument argument = arguments.get(name);
        if (argument == null
                || argument.elements().size() != 1
                || argument.kind().equals("array")) {
            throw refused(name, "one value is wanted", "Give it");
        }
        return argument.elements().get(0);
    }

    /** Returns a list of texts; empty if it was not given. */
    public List<String> texts(String name) {
        if (!has(name)) {
            return List.of();
        }
        Argument argument = arguments.get(name);
        if (argument == null
                || !argument.kind().equals("array")
                || argument.elements().stream().anyMatch(Objects::isNull)) {
            throw refused(name, "a list is wanted", "Give a list of texts or numbers");
        }
        return argument.elements();
    }

    /** Returns whether it is so; not if it was not given. */
    public boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        String text = text(name);
        if (!text.equals("true") && !text.equals("false")) {
            throw refused(name, "it is " + text, "Give true or false");
        }
        return text.equals("true");
    }

    /** Returns a whole number. */
    public long number(String name) {
        return number(name, text(name));
    }

    /** Returns a whole number, or null if it was not given. */
    public @Nullable Long numberOrNull(String name) {
        return has(name) ? (Long) number(name) : null;
    }

    /** Returns a list of whole numbers; empty if it was not given. */
    public List<Integer> numbers(String name) {
        return texts(name).stream().map(text -> small(name, number(name, text))).toList();
    }

    /** Returns a percentage. */
    public int percent(String name) {
        long number = number(name);
        if (number < 0 || number > 100) {
            throw refused(name, "it is " + number, "Give 0 to 100");
        }
        return (int) number;
    }

    /** Returns a stage. */
    public Stage stage(String name) {
        String text = text(name);
        return Arrays.stream(Stage.values())
                .filter(stage -> stage.name().equals(text))
                .findAny()
                .orElseThrow(() -> refused(name, "it is " + text, "Give one of: " + Arrays.toString(Stage.values())));
    }

    /** Returns a refusal of an argument. */
    public ConfigurationException refused(String name, String problem, String remedy) {
        return new ConfigurationException(verb + "." + name, problem, remedy);
    }

    private int small(String name, long number) {
        if (number != (int) number) {
            throw refused(name, "it is " + number, "Give a smaller number");
        }
        return (int) number;
    }

    private long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw refused(name, "it is " + text, "Give a whole number");
        }
    }
}
