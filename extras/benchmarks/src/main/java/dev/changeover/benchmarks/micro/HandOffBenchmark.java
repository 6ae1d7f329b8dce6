package dev.changeover.benchmarks.micro;

import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import dev.changeover.core.Stage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The caller's share of a shadow read that another thread does: with a worker that works off a backlog meanwhile, and
 * with one that sleeps. LaunchDarkly and Scientist4J make the caller wait for the other side, so their share is all of
 * it.
 */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandOffBenchmark {

    private static final int CALLS = 500;

    /** A read without a library, {@link Stage#LEGACY_ONLY} by hand so to say. */
    @State(Scope.Benchmark)
    public static class Direct {
        private final Users users = new HashUsers();
    }

    /** Changeover behind a backlog. */
    @State(Scope.Benchmark)
    public static class Busy {
        private final HandOff users = new ShadowedLibrary();

        /** Warms up. */
        @Setup
        public void warmUp(Keys keys) throws Exception {
            users.warmUp(keys);
        }

        /** Makes the backlog. */
        @Setup(Level.Invocation)
        public void keepBusy(Keys keys) throws Exception {
            users.keepBusy(keys);
        }

        /** Ends the worker. */
        @TearDown
        public void close() throws Exception {
            users.close();
        }
    }

    /** Changeover with a sleeping worker. */
    @State(Scope.Benchmark)
    public static class Parked {
        private final HandOff users = new ShadowedLibrary();

        /** Warms up. */
        @Setup
        public void warmUp(Keys keys) throws Exception {
            users.warmUp(keys);
        }

        /** Lets the worker sleep. */
        @Setup(Level.Invocation)
        public void park() {
            users.park();
        }

        /** Ends the worker. */
        @TearDown
        public void close() throws Exception {
            users.close();
        }
    }

    /** shadow-tool behind a backlog. */
    @State(Scope.Benchmark)
    public static class BusyTool {
        private final HandOff users = new ShadowTool();

        /** Warms up. */
        @Setup
        public void warmUp(Keys keys) throws Exception {
            users.warmUp(keys);
        }

        /** Makes the backlog. */
        @Setup(Level.Invocation)
        public void keepBusy(Keys keys) throws Exception {
            users.keepBusy(keys);
        }

        /** Ends the worker. */
        @TearDown
        public void close() throws Exception {
            users.close();
        }
    }

    /** shadow-tool with a sleeping worker. */
    @State(Scope.Benchmark)
    public static class ParkedTool {
        private final HandOff users = new ShadowTool();

        /** Warms up. */
        @Setup
        public void warmUp(Keys keys) throws Exception {
            users.warmUp(keys);
        }

        /** Lets the worker sleep. */
        @Setup(Level.Invocation)
        public void park() {
            users.park();
        }

        /** Ends the worker. */
        @TearDown
        public void close() throws Exception {
            users.close();
        }
    }

    /** LaunchDarkly in stage "shadow", parallel, which is its default. */
    @State(Scope.Benchmark)
    public static class Parallel {
        private final LaunchDarkly migration =
                new LaunchDarkly("shadow", MigrationExecution.Parallel(), new HashUsers(), new HashUsers());

        /** Ends its threads. */
        @TearDown
        public void close() throws IOException {
            migration.close();
        }
    }

    /** Scientist4J, asynchronous. */
    @State(Scope.Benchmark)
    public static class Async {
        private final Scientist scientist = new Scientist(true, new HashUsers(), new HashUsers());

        /** Ends its threads. */
        @TearDown
        public void close() {
            scientist.close();
        }
    }

    /** Lets the workers of a peer go to sleep before each call. */
    @State(Scope.Thread)
    public static class Pause {

        /** Warms up, since calls with pauses are few. */
        @Setup
        public void warmUp(Parallel migration, Async scientist, Keys keys) throws Exception {
            for (int i = 0; i < 10_000; i++) {
                migration.migration.find(keys.next());
                scientist.scientist.findAsync(keys.next());
            }
        }

        /** Waits. */
        @Setup(Level.Invocation)
        public void pause() {
            LockSupport.parkNanos(300_000);
        }
    }

    /** The read itself. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public Object direct(Direct state, Keys keys) {
        return state.users.find(keys.next());
    }

    /** Changeover. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OperationsPerInvocation(CALLS)
    public void changeoverBusy(Busy state, Keys keys, Blackhole sink) throws Exception {
        for (int i = 0; i < CALLS; i++) {
            sink.consume(state.users.find(keys.next()));
        }
    }

    /** Changeover. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public Object changeoverParked(Parked state, Keys keys) throws Exception {
        return state.users.find(keys.next());
    }

    /** shadow-tool. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OperationsPerInvocation(CALLS)
    public void shadowToolBusy(BusyTool state, Keys keys, Blackhole sink) throws Exception {
        for (int i = 0; i < CALLS; i++) {
            sink.consume(state.users.find(keys.next()));
        }
    }

    /** shadow-tool. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public Object shadowToolParked(ParkedTool state, Keys keys) throws Exception {
        return state.users.find(keys.next());
    }

    /** LaunchDarkly, calls without a pause. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public Object launchDarklyBusy(Parallel state, Keys keys) {
        return state.migration.find(keys.next());
    }

    /** LaunchDarkly. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public Object launchDarklyParked(Parallel state, Pause pause, Keys keys) {
        return state.migration.find(keys.next());
    }

    /** Scientist4J, calls without a pause. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public Object scientist4jBusy(Async state, Keys keys) throws Exception {
        return state.scientist.findAsync(keys.next());
    }

    /** Scientist4J. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public Object scientist4jParked(Async state, Pause pause, Keys keys) throws Exception {
        return state.scientist.findAsync(keys.next());
    }
}
