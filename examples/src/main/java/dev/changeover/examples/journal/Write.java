package dev.changeover.examples.journal;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One write of a unit of work, as the writer means it and then as it was answered.
 *
 * @param number its number in the journal
 * @param kind whether there was a row before
 * @param repository the name of the repository
 * @param key the key as text; null while only the database knows it
 * @param after the state after it
 */
public record Write(
        long number, Kind kind, String repository, @Nullable String key, State after) {

    /** What a write does to a key. */
    public enum Kind {
        /** The key was absent before. */
        CREATE,
        /** The key was there before. */
        UPDATE,
        /** The key is absent afterwards. */
        DELETE
    }

    Write answered(String newKey, State newAfter) {
        return new Write(number, kind, repository, newKey, newAfter);
    }

    EntityId id() {
        return new EntityId(repository, Objects.requireNonNull(key));
    }
}
