package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.internal.PlainText;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Divergences of one repository, operation, path and kind. Its texts are bounded, and control characters in them are
 * written as their code.
 *
 * @param id its number in its store
 * @param repository the name of the repository
 * @param operation the operation that met them
 * @param path the path without the positions and keys of elements
 * @param kind how the sides differ
 * @param count how often one was confirmed
 * @param epoch the epoch in which the last was confirmed
 * @param firstSeen when the first was confirmed
 * @param lastSeen when the last was confirmed
 * @param samples at most five of them, each with the same chance to be among them
 * @param review what people decided about it
 */
public record DivergenceGroup(
        long id,
        String repository,
        String operation,
        String path,
        Kind kind,
        long count,
        long epoch,
        Instant firstSeen,
        Instant lastSeen,
        List<Sample> samples,
        Review review) {

    /** Keeps a copy. */
    public DivergenceGroup {
        samples = List.copyOf(samples);
    }

    DivergenceGroup withSamples(List<Sample> others) {
        return new DivergenceGroup(
                id, repository, operation, path, kind, count, epoch, firstSeen, lastSeen, others, review);
    }

    /**
     * One of the divergences.
     *
     * @param key the key as text, or null where it belongs to no entity
     * @param path where exactly
     * @param authority the authority's value as it may be shown
     * @param follower the follower's value as it may be shown
     */
    public record Sample(@Nullable String key, String path, String authority, String follower) {

        static Sample of(Divergence divergence) {
            String key = divergence.key();
            return new Sample(
                    key == null ? null : PlainText.of(key, PlainText.VALUE),
                    PlainText.of(divergence.difference().path(), PlainText.PATH),
                    PlainText.of(divergence.difference().authority(), PlainText.VALUE),
                    PlainText.of(divergence.difference().follower(), PlainText.VALUE));
        }
    }
}
