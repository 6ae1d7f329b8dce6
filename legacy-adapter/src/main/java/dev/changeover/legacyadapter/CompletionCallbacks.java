package dev.changeover.legacyadapter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to run after the end of one transaction. The outcome is durable by then, so no failure may hide it. */
final class CompletionCallbacks {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcTransactions.class);

    private final Deque<Consumer<Boolean>> actions = new ArrayDeque<>();

    void add(Consumer<Boolean> action) {
        actions.add(action);
    }

    /** Runs all, in their order, those that are added meanwhile included. */
    @SuppressWarnings("CatchingUnchecked")
    void run(boolean committed) {
        for (Consumer<Boolean> action = actions.poll(); action != null; action = actions.poll()) {
            try {
                action.accept(committed);
            } catch (Throwable failure) {
                LOG.warn("A callback failed after the transaction had ended (committed: {})", committed, failure);
            }
        }
    }
}
