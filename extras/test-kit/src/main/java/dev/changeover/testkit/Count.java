package dev.changeover.testkit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A number that many callers increase, for which no order of theirs is known: between the increments that were
 * acknowledged and those that may have happened. Safe for use by several threads.
 */
public final class Count {
    private final AtomicLong certain = new AtomicLong();
    private final AtomicLong possible = new AtomicLong();

    /** A count that begins at zero. */
    public Count() {}

    /** An increment is about to be sent. */
    public void begin(long amount) {
        possible.addAndGet(amount);
    }

    /** It was acknowledged. One of unknown outcome is left as it is. */
    public void acknowledged(long amount) {
        certain.addAndGet(amount);
    }

    /** It was rolled back. */
    public void undone(long amount) {
        possible.addAndGet(-amount);
    }

    /** What a read must at least return that begins now. */
    public long least() {
        return certain.get();
    }

    /** What a read can at most have returned that ends now. */
    public long most() {
        return possible.get();
    }
}
