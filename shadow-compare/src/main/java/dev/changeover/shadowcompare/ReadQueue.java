package dev.changeover.shadowcompare;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The reads that wait to be repeated. Callers never wait for a lock and never wake a thread here: waking one costs more
 * than everything else in the hand-off, so the workers look by themselves.
 */
final class ReadQueue {
    private final Queue<ReadTask> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int capacity;

    ReadQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Takes a task, or refuses it if the queue is full. */
    boolean offer(ReadTask task) {
        if (size.get() >= capacity) {
            return false;
        }
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            return false;
        }
        waiting.add(task);
        return true;
    }

    @Nullable
    ReadTask poll() {
        ReadTask next = waiting.poll();
        if (next != null) {
            size.decrementAndGet();
        }
        return next;
    }

    int size() {
        return size.get();
    }
}
