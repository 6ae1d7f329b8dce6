package dev.changeover.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops, breaks or disturbs code under test at named points. The code calls {@link #accept} through whatever hook it
 * offers; a point that nothing is planned for does nothing but count.
 *
 * <p>Each plan holds for one arrival at its point. Several plans for a point are used up in the order in which they were
 * made, so that planning a failure twice makes two attempts fail and the third succeed. Safe for use by several threads.
 */
public final class Probe implements Consumer<String> {
    private final Map<String, AtomicLong> hits = new ConcurrentHashMap<>();
    private final Map<String, Deque<Plan>> plans = new ConcurrentHashMap<>();

    /** To be called by the code under test: it has reached the point of that name. */
    @Override
    public void accept(String point) {
        reach(point);
    }

    /** The same as {@link #accept}. */
    public void reach(String point) {
        hits.computeIfAbsent(point, key -> new AtomicLong()).incrementAndGet();
        Plan plan = next(point);
        if (plan != null) {
            perform(point, plan);
        }
    }

    /** Makes the next thread that reaches the point wait there until the test releases it. */
    public PausePoint pauseAt(String point) {
        PausePoint pause = new PausePoint(point);
        plan(point, pause::stopHere);
        return pause;
    }

    /** Makes the next arrival at the point throw this exception or error, checked ones included. */
    public Probe throwAt(String point, Supplier<? extends Throwable> failure) {
        return plan(point, () -> {
            throw failure.get();
        });
    }

    /** Makes the next arrival at the point run this action in its thread, for example kill its own backend. */
    public Probe runAt(String point, Action action) {
        return plan(point, action::run);
    }

    /** How often the point was reached since the start or the last {@link #clear}. */
    public long hits(String point) {
        AtomicLong count = hits.get(point);
        return count == null ? 0 : count.get();
    }

    /** Forgets all plans and counts. Threads that are paused stay so. */
    public void clear() {
        plans.clear();
        hits.clear();
    }

    private Probe plan(String point, Plan plan) {
        Deque<Plan> queue = plans.computeIfAbsent(point, key -> new ArrayDeque<>());
        synchronized (queue) {
            queue.add(plan);
        }
        return this;
    }

    private @Nullable Plan next(String point) {
        Deque<Plan> queue = plans.get(point);
        if (queue == null) {
            return null;
        }
        synchronized (queue) {
            return queue.poll();
        }
    }

    private static void perform(String point, Plan plan) {
        try {
            plan.perform();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted at point " + point, e);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    @SuppressWarnings("unchecked") // the cast is erased: the exception passes through as it is
    private static <X extends Throwable> RuntimeException rethrow(Throwable failure) throws X {
        throw (X) failure;
    }

    /** Something to do at a point. */
    @FunctionalInterface
    public interface Action {
        /** Does it; what it throws goes on through the code under test. */
        void run() throws Exception;
    }

    private interface Plan {
        void perform() throws Throwable;
    }
}
