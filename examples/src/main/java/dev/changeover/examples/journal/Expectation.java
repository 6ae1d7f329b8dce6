package dev.changeover.examples.journal;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must be true of the database after all that was told to the writers.
 *
 * @param acknowledged how many writes were acknowledged
 * @param unknown how many writes may be there or not
 * @param legal for each written key the states that it may be in
 * @param writtenAlone the keys that may have been written while their repository had no follower
 * @param unnamed writes that may be there under a key that nobody was told, while their repository had no follower
 * @param lives the lives of the job
 */
public record Expectation(
        long acknowledged,
        long unknown,
        Map<EntityId, List<State>> legal,
        Set<EntityId> writtenAlone,
        List<Write> unnamed,
        Lives lives) {

    /** Before anything was told to anybody. */
    public static final Expectation NONE = new Expectation(0, 0, Map.of(), Set.of(), List.of(), Lives.NONE);
}
