package dev.changeover.legacyadapter;

import dev.changeover.core.ChangeoverException;
import org.jspecify.annotations.Nullable;

/** A transaction was rolled back although its work returned; nothing of it is in the database. */
public final class NotCommittedException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    NotCommittedException(String message) {
        this(message, null);
    }

    NotCommittedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
