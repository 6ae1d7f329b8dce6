package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.spi.ObservedRead;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a side answered to a read: a value, or an exception of its own.
 *
 * @param value what it returned
 * @param failure what it threw, or null
 */
record Answer(@Nullable Object value, @Nullable Throwable failure) {

    static Answer served(ObservedRead read) {
        return new Answer(read.value(), read.failure());
    }

    static Answer of(Callable<? extends @Nullable Object> read) {
        try {
            return new Answer(read.call(), null);
        } catch (Exception e) {
            return new Answer(null, e);
        }
    }

    /** Tells whether this is no answer to the question. */
    boolean unusable() {
        return failure != null && Failures.ofMachinery(failure);
    }

    <K> ResultDifferences<K> differences(ResultComparison<K, ?> results, Answer follower) {
        if (failure == null && follower.failure == null) {
            return results.compare(value, follower.value);
        }
        return Objects.equals(thrown(), follower.thrown())
                ? ResultDifferences.none()
                : new ResultDifferences<>(Map.of(), List.of(new Difference("", Kind.ERROR, shown(), follower.shown())));
    }

    private @Nullable Class<?> thrown() {
        return failure == null ? null : failure.getClass();
    }

    private String shown() {
        return failure == null ? "returned" : "threw " + failure.getClass().getSimpleName();
    }
}
