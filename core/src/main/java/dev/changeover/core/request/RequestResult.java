package dev.changeover.core.request;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request. Immutable.
 *
 * @param state how it ended
 * @param values what is told about it, by name: texts, numbers, truth values, null, and maps and collections of these
 * @param error what is wrong and the remedy, or null
 */
public record RequestResult(
        State state,
        Map<String, @Nullable Object> values,
        @Nullable String error) {

    /** How a request ends by itself. */
    public enum State {
        /** It was done. */
        DONE,
        /** A gate is not passed, or a difference is left. */
        NOT_MET,
        /** It would lose data. */
        REFUSED,
        /** It could not be done. */
        FAILED,
        /** Somebody wanted it to stop. */
        CANCELLED
    }

    /** Copies the values. */
    public RequestResult {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Returns a result of what was done. */
    public static RequestResult done() {
        return new RequestResult(State.DONE, Map.of(), null);
    }

    /** Returns the result of what was not done since something is missing, or was done and leaves something to do. */
    public static RequestResult notMet(String error) {
        return new RequestResult(State.NOT_MET, Map.of(), error);
    }

    /** Returns the result of what could not be done. */
    public static RequestResult failed(String error) {
        return new RequestResult(State.FAILED, Map.of(), error);
    }

    /** Adds a value. */
    public RequestResult with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new RequestResult(state, more, error);
    }

    RequestResult cancelled() {
        return new RequestResult(State.CANCELLED, values, error);
    }
}
