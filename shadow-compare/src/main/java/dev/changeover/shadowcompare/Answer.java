package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.spi.ObservedRead;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a side answered to a read: a value, or an exception of its own.
 *
 * @param value what it returned
 * @param failure what it threw, or null
 * @param nanos how long it took, in nanoseconds
 */
record Answer(@Nullable Object value, @Nullable Throwable failure, long nanos) {

    static Answer served(ObservedRead read) {
        return new Answer(read.value(), read.failure(), read.nanos());
    }

    static Answer of(Callable<? extends @Nullable Object> read) {
        long start = System.nanoTime();
        try {
            Object value = read.call();
            return new Answer(value, null, System.nanoTime() - start);
        } catch (Exception e) {
            return new Answer(null, e, System.nanoTime() - start);
        }
    }

    static Answer failed(Throwable failure) {
        return new Answer(null, failure, 0);
    }

    /** Tells whether this is no answer to the question. */
    boolean unusable() {
        return failure != null && Failures.ofMachinery(failure);
    }

    <K> ResultDifferences<K> differences(ResultComparison<K, ?> results, Answer follower) {
        if (failure == null && follower.failure == null) {
            return results.compare(value, follower.value);
        }
        if (Objects.equals(thrown(), follower.thrown())) {
            return ResultDifferences.none();
        }
        String one = shown(results.safeMessages());
        String other = follower.shown(results.safeMessages());
        return new ResultDifferences<>(Map.of(), List.of(new Difference("", Kind.ERROR, one, other)));
    }

    private @Nullable Thrown thrown() {
        return failure == null ? null : Thrown.of(failure);
    }

    private String shown(Set<Class<? extends Throwable>> safe) {
        return failure == null ? "returned" : Thrown.of(failure).shown(failure, safe);
    }
}
