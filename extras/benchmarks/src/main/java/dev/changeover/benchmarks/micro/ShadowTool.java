package dev.changeover.benchmarks.micro;

import io.github.rabobank.shadow_tool.NoopEncryptionService;
import io.github.rabobank.shadow_tool.ShadowFlow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** shadow-tool at 100 % with one thread behind a bounded queue. */
final class ShadowTool implements HandOff {

    private final Users legacy = new HashUsers();
    private final GatedUsers next = new GatedUsers();
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(QUEUE), new ThreadPoolExecutor.DiscardPolicy());
    private final ShadowFlow<User> flow = new ShadowFlow.ShadowFlowBuilder<User>(100)
            .withExecutor(pool)
            .withEncryptionService(NoopEncryptionService.INSTANCE)
            .build();

    @Override
    public User find(Long id) {
        return flow.compare(() -> legacy.find(id), () -> next.find(id));
    }

    @Override
    public boolean idle() {
        return pool.getQueue().isEmpty() && pool.getActiveCount() == 0;
    }

    @Override
    public GatedUsers gate() {
        return next;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
