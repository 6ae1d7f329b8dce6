package dev.changeover.benchmarks.micro;

import dev.changeover.shadowcompare.RecordComparison;
import java.util.concurrent.TimeUnit;
import org.javers.core.Javers;
import org.javers.core.JaversBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to find that two records with eight fields are equal, and what to find that one field is not. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ComparisonBenchmark {

    /** Pairs of records and the comparisons. */
    @State(Scope.Benchmark)
    public static class Records {
        private final User[] left = new User[HashUsers.SIZE];
        private final User[] equal = new User[HashUsers.SIZE];
        private final User[] changed = new User[HashUsers.SIZE];
        private final RecordComparison<User> comparison =
                RecordComparison.of(User.class).build();
        private final Javers javers = JaversBuilder.javers().build();

        /** Makes the pairs. */
        public Records() {
            for (int i = 0; i < HashUsers.SIZE; i++) {
                left[i] = User.numbered(i);
                equal[i] = User.numbered(i);
                User user = User.numbered(i);
                changed[i] = new User(
                        user.id(),
                        user.name(),
                        user.email() + " ",
                        user.createdAt(),
                        user.status(),
                        user.tenant(),
                        user.visits(),
                        user.active());
            }
        }
    }

    /** The floor: {@code equals}. */
    @Benchmark
    public Object equalsOnly(Records state, Keys keys) {
        int i = keys.next().intValue();
        return state.left[i].equals(state.equal[i]);
    }

    /** Changeover, equal records. */
    @Benchmark
    public Object changeoverEqual(Records state, Keys keys) {
        int i = keys.next().intValue();
        return state.comparison.differences(state.left[i], state.equal[i]);
    }

    /** Changeover, one field differs. */
    @Benchmark
    public Object changeoverDifferent(Records state, Keys keys) {
        int i = keys.next().intValue();
        return state.comparison.differences(state.left[i], state.changed[i]);
    }

    /** JaVers, equal records. */
    @Benchmark
    public Object javersEqual(Records state, Keys keys) {
        int i = keys.next().intValue();
        return state.javers.compare(state.left[i], state.equal[i]);
    }

    /** JaVers, one field differs. */
    @Benchmark
    public Object javersDifferent(Records state, Keys keys) {
        int i = keys.next().intValue();
        return state.javers.compare(state.left[i], state.changed[i]);
    }
}
