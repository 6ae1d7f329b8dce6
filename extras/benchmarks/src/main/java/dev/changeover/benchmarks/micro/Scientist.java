package dev.changeover.benchmarks.micro;

import com.github.rawls238.scientist4j.Experiment;
import io.dropwizard.metrics5.MetricRegistry;
import java.util.HashMap;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** An experiment of Scientist4J over two repositories. */
final class Scientist implements AutoCloseable {

    private final Users legacy;
    private final Users next;
    private final ExecutorService pool = Executors.newFixedThreadPool(2, daemons());
    private final Experiment<User> experiment;

    Scientist(boolean enabled, Users legacy, Users next) {
        this.legacy = legacy;
        this.next = next;
        this.experiment =
                new Experiment<>("users", new HashMap<>(), false, new MetricRegistry(), Objects::equals, pool) {
                    @Override
                    protected boolean enabled() {
                        return enabled;
                    }
                };
    }

    User find(Long id) throws Exception {
        return experiment.run(() -> legacy.find(id), () -> next.find(id));
    }

    User findAsync(Long id) throws Exception {
        return experiment.runAsync(() -> legacy.find(id), () -> next.find(id));
    }

    private static ThreadFactory daemons() {
        return work -> {
            Thread thread = new Thread(work, "scientist");
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
