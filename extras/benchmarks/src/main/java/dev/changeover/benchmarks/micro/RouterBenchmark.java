package dev.changeover.benchmarks.micro;

import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import com.launchdarkly.sdk.server.migrations.MigrationSerialOrder;
import dev.changeover.core.Stage;
import dev.changeover.core.spi.ReadObserver;
import io.github.rabobank.shadow_tool.NoopEncryptionService;
import io.github.rabobank.shadow_tool.ShadowFlow;
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

/** What a read costs while nothing is being changed over: LEGACY_ONLY here, "off", disabled or 0 % at the peers. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBenchmark {

    /** No library: what an unregistered repository is. */
    @State(Scope.Benchmark)
    public static class Direct {
        private final Users users = new HashUsers();
    }

    /** Changeover in LEGACY_ONLY. */
    @State(Scope.Benchmark)
    public static class Routed {
        private final Library library = Library.in(Stage.LEGACY_ONLY, ReadObserver.NONE);
        private Users byHand;
        private Users proxy;

        /** Builds both routers, of two instances of the library. */
        @Setup
        public void build() {
            byHand = library.byHand();
            proxy = Library.in(Stage.LEGACY_ONLY, ReadObserver.NONE).proxy();
        }

        /** Ends the poller. */
        @TearDown
        public void close() {
            library.close();
        }
    }

    /** LaunchDarkly in stage "off". */
    @State(Scope.Benchmark)
    public static class Off {
        private final LaunchDarkly migration = new LaunchDarkly(
                "off", MigrationExecution.Serial(MigrationSerialOrder.FIXED), new HashUsers(), new HashUsers());

        /** Ends its threads. */
        @TearDown
        public void close() throws IOException {
            migration.close();
        }
    }

    /** Scientist4J, disabled. */
    @State(Scope.Benchmark)
    public static class Disabled {
        private final Scientist scientist = new Scientist(false, new HashUsers(), new HashUsers());

        /** Ends its threads. */
        @TearDown
        public void close() {
            scientist.close();
        }
    }

    /** shadow-tool at 0 %. */
    @State(Scope.Benchmark)
    public static class ZeroPercent {
        private final Users legacy = new HashUsers();
        private final Users next = new HashUsers();
        private final ShadowFlow<User> flow = new ShadowFlow.ShadowFlowBuilder<User>(0)
                .withEncryptionService(NoopEncryptionService.INSTANCE)
                .build();
    }

    /** The call itself. */
    @Benchmark
    public Object direct(Direct state, Keys keys) {
        return state.users.find(keys.next());
    }

    /** The calls themselves, eight methods in turn. */
    @Benchmark
    public Object directEight(Direct state, Keys keys) {
        return Users.call(state.users, keys.shape(), keys.next());
    }

    /** A router by hand of which one method is used. */
    @Benchmark
    public Object byHand(Routed state, Keys keys) {
        return state.byHand.find(keys.next());
    }

    /** A router by hand of which eight methods are used in turn. */
    @Benchmark
    public Object byHandEight(Routed state, Keys keys) {
        return Users.call(state.byHand, keys.shape(), keys.next());
    }

    /** The proxy, eight methods in turn. */
    @Benchmark
    public Object proxyEight(Routed state, Keys keys) {
        return Users.call(state.proxy, keys.shape(), keys.next());
    }

    /** LaunchDarkly. */
    @Benchmark
    public Object launchDarkly(Off state, Keys keys) {
        return state.migration.find(keys.next());
    }

    /** Scientist4J. */
    @Benchmark
    public Object scientist4j(Disabled state, Keys keys) throws Exception {
        return state.scientist.find(keys.next());
    }

    /** shadow-tool. */
    @Benchmark
    public Object shadowTool(ZeroPercent state, Keys keys) {
        Long id = keys.next();
        return state.flow.compare(() -> state.legacy.find(id), () -> state.next.find(id));
    }
}
