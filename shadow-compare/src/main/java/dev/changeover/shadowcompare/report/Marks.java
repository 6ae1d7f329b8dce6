package dev.changeover.shadowcompare.report;

import dev.changeover.core.ForeignWriter;
import dev.changeover.core.Side;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys whose present state the other side may not have.
 *
 * @param count how many marks are open
 * @param oldest when the oldest of them was set, or null
 * @param parkedKeys how many keys wait for a person
 * @param reasons why they are marked, most first; at most twenty
 * @param parked keys that wait for a person; at most twenty
 * @param foreignChanges how many rows were changed round the library
 * @param foreignWriters who changed them, latest first; at most twenty
 */
public record Marks(
        long count,
        @Nullable Instant oldest,
        long parkedKeys,
        List<Reason> reasons,
        List<Parked> parked,
        long foreignChanges,
        List<ForeignWriter> foreignWriters) {

    static final Marks NONE = new Marks(0, null, 0, List.of(), List.of(), 0, List.of());

    /** Copies the lists. */
    public Marks {
        reasons = List.copyOf(reasons);
        parked = List.copyOf(parked);
        foreignWriters = List.copyOf(foreignWriters);
    }

    /**
     * Marks of one reason.
     *
     * @param right the side that is right
     * @param reason why they were set
     * @param count how many
     * @param oldest when the first of them was set
     */
    public record Reason(Side right, String reason, long count, Instant oldest) {}

    /**
     * A key whose copy failed so often that it waits for a person.
     *
     * @param key the key
     * @param attempts how often it was tried
     * @param lastError why it failed, redacted
     */
    public record Parked(String key, int attempts, String lastError) {}
}
