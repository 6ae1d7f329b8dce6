package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;

/** The follower's part took longer than its limit. */
final class FollowerTooSlow extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    FollowerTooSlow(String repository, int millis) {
        super(repository + ": the follower's part took longer than " + millis
                + " ms. Raise the follower's limits, or look at what is slow on that side");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
