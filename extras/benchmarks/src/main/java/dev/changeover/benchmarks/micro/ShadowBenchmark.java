package dev.changeover.benchmarks.micro;

import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import com.launchdarkly.sdk.server.migrations.MigrationSerialOrder;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.shadowcompare.RecordComparison;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a shadow read costs that is compared on the thread of the caller. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ShadowBenchmark {

    /** Two reads and a comparison, without a library: the floor. */
    @State(Scope.Benchmark)
    public static class Floor {
        private final Users legacy = new HashUsers();
        private final Users next = new HashUsers();
    }

    /** Does the read again and compares it, on the spot. */
    private static final class OnTheSpot implements ReadObserver {

        private final StateComparison<User> comparison;
        private long different;

        OnTheSpot(StateComparison<User> comparison) {
            this.comparison = comparison;
        }

        @Override
        public void observe(ObservedRead read) {
            try {
                User other = (User) read.again().on(read.served() == Side.LEGACY ? Side.NEW : Side.LEGACY);
                if (!comparison.differences((User) read.value(), other).isEmpty()) {
                    different++;
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Changeover in SHADOW, by {@code equals} and field by field. */
    @State(Scope.Benchmark)
    public static class Shadowed {
        private final OnTheSpot byEquals = new OnTheSpot(StateComparison.byEquals());
        private final OnTheSpot byField =
                new OnTheSpot(RecordComparison.of(User.class).build());
        private final Library first = Library.in(Stage.SHADOW, byEquals);
        private final Library second = Library.in(Stage.SHADOW, byField);
        private Users users;
        private Users fields;

        /** Builds the routers. */
        @Setup
        public void build() {
            users = first.byHand();
            fields = second.byHand();
        }

        /** Fails if anything differed: then something else was measured. */
        @TearDown
        public void close() {
            first.close();
            second.close();
            if (byEquals.different + byField.different > 0) {
                throw new IllegalStateException("There were differences");
            }
        }
    }

    /** LaunchDarkly in stage "shadow", one read after the other. */
    @State(Scope.Benchmark)
    public static class Serial {
        private final LaunchDarkly migration = new LaunchDarkly(
                "shadow", MigrationExecution.Serial(MigrationSerialOrder.FIXED), new HashUsers(), new HashUsers());

        /** Ends its threads. */
        @TearDown
        public void close() throws IOException {
            migration.close();
        }
    }

    /** Scientist4J, enabled. */
    @State(Scope.Benchmark)
    public static class Enabled {
        private final Scientist scientist = new Scientist(true, new HashUsers(), new HashUsers());

        /** Ends its threads. */
        @TearDown
        public void close() {
            scientist.close();
        }
    }

    /** The floor. */
    @Benchmark
    public Object floor(Floor state, Keys keys) {
        Long id = keys.next();
        User authority = state.legacy.find(id);
        if (!authority.equals(state.next.find(id))) {
            throw new IllegalStateException("There is a difference");
        }
        return authority;
    }

    /** Changeover, comparing by {@code equals}. */
    @Benchmark
    public Object changeover(Shadowed state, Keys keys) {
        return state.users.find(keys.next());
    }

    /** Changeover, comparing field by field. */
    @Benchmark
    public Object changeoverByField(Shadowed state, Keys keys) {
        return state.fields.find(keys.next());
    }

    /** LaunchDarkly. */
    @Benchmark
    public Object launchDarkly(Serial state, Keys keys) {
        return state.migration.find(keys.next());
    }

    /** Scientist4J. */
    @Benchmark
    public Object scientist4j(Enabled state, Keys keys) throws Exception {
        return state.scientist.find(keys.next());
    }
}
