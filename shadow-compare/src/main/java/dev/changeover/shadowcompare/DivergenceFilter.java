package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which groups of divergences are asked for. What is null says nothing.
 *
 * @param repository the name of the repository
 * @param operation the name of the operation
 * @param pathPrefix what the path begins with
 * @param kind how the sides differ
 * @param state what was decided
 * @param unreviewedOnly whether only what somebody has to look at is asked for, explanations that have expired too
 */
public record DivergenceFilter(
        @Nullable String repository,
        @Nullable String operation,
        @Nullable String pathPrefix,
        @Nullable Kind kind,
        @Nullable ReviewState state,
        boolean unreviewedOnly) {

    /** Asks for all. */
    public static final DivergenceFilter ALL = new DivergenceFilter(null, null, null, null, null, false);

    /** Asks for those of one repository. */
    public DivergenceFilter repository(String name) {
        return new DivergenceFilter(name, operation, pathPrefix, kind, state, unreviewedOnly);
    }

    /** Asks for those that one operation met. */
    public DivergenceFilter operation(String name) {
        return new DivergenceFilter(repository, name, pathPrefix, kind, state, unreviewedOnly);
    }

    /** Asks for those whose path begins with this. */
    public DivergenceFilter pathPrefix(String prefix) {
        return new DivergenceFilter(repository, operation, prefix, kind, state, unreviewedOnly);
    }

    /** Asks for those of one kind. */
    public DivergenceFilter kind(Kind one) {
        return new DivergenceFilter(repository, operation, pathPrefix, one, state, unreviewedOnly);
    }

    /** Asks for those about which this was decided. */
    public DivergenceFilter state(ReviewState one) {
        return new DivergenceFilter(repository, operation, pathPrefix, kind, one, unreviewedOnly);
    }

    /** Asks for those that somebody has to look at. */
    public DivergenceFilter unreviewed() {
        return new DivergenceFilter(repository, operation, pathPrefix, kind, state, true);
    }
}
