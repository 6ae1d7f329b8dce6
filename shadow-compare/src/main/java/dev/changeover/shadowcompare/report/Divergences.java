package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.DivergenceGroup.Sample;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What differs, since ever.
 *
 * @param totals how much
 * @param fields the tree of fields, each directly after the one that it is in, with what is counted beneath it; the
 *     hundred paths that differ most often
 * @param groups regressions first, then what nobody has decided, then the rest; at most fifty
 */
public record Divergences(Totals totals, List<Field> fields, List<Group> groups) {

    static final Divergences NONE = new Divergences(Totals.NONE, List.of(), List.of());

    /** Copies the lists. */
    public Divergences {
        fields = List.copyOf(fields);
        groups = List.copyOf(groups);
    }

    /**
     * How much differs.
     *
     * @param groups how many groups of one operation, path and kind
     * @param count how many divergences are in them
     * @param unreviewed how many groups nobody has decided about, or whose explanation has expired
     * @param regressions how many groups were seen again after they had been mended
     * @param shed how many were confirmed and not kept apart
     */
    public record Totals(long groups, long count, long unreviewed, long regressions, long shed) {

        static final Totals NONE = new Totals(0, 0, 0, 0, 0);
    }

    /**
     * A field that differs, or that fields which differ are in.
     *
     * @param path where it is, such as {@code authProviders[].lastUsedAt}; empty for the whole
     * @param name its last part
     * @param depth how many fields it is in
     * @param count how many divergences are in it or beneath it
     * @param unreviewed how many of their groups nobody has decided about
     */
    public record Field(String path, String name, int depth, long count, long unreviewed) {}

    /**
     * Divergences of one operation, path and kind.
     *
     * @param id its number, for a review
     * @param operation the operation that was compared
     * @param path the field that differs, empty for the whole
     * @param kind VALUE, MISSING, EXTRA or ORDER
     * @param count how often it was confirmed
     * @param state what was decided: NEW, EXPLAINED, TO_BE_FIXED, FIXED or REGRESSION
     * @param unreviewed whether somebody has to decide
     * @param owner who answers for it, or null
     * @param ticket where it is tracked, or null
     * @param expires until when an explanation holds, or null
     * @param firstSeen when first
     * @param lastSeen when last
     * @param samples up to five, drawn at random, their values redacted
     */
    public record Group(
            long id,
            String operation,
            String path,
            String kind,
            long count,
            String state,
            boolean unreviewed,
            @Nullable String owner,
            @Nullable String ticket,
            @Nullable Instant expires,
            Instant firstSeen,
            Instant lastSeen,
            List<Sample> samples) {

        /** Copies the list. */
        public Group {
            samples = List.copyOf(samples);
        }

        Group with(List<Sample> all) {
            return new Group(
                    id,
                    operation,
                    path,
                    kind,
                    count,
                    state,
                    unreviewed,
                    owner,
                    ticket,
                    expires,
                    firstSeen,
                    lastSeen,
                    all);
        }
    }
}
