package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;

/** A background copy was about to remove so much that a mistake is likelier than a wish. */
final class SuspiciousRemovals extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    SuspiciousRemovals(String message) {
        super(message);
    }
}
