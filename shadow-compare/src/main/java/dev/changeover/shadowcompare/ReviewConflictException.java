package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import org.jspecify.annotations.Nullable;

/** Somebody else has decided about a divergence since the reviewer saw it. Nothing was changed: look at it again. */
public final class ReviewConflictException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    ReviewConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
