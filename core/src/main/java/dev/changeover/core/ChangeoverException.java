package dev.changeover.core;

import org.jspecify.annotations.Nullable;

/** The base of everything that this library throws by itself; the exceptions of a port are never wrapped. */
public class ChangeoverException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message says what is wrong and what to do about it. */
    public ChangeoverException(String message) {
        super(message);
    }

    /** Creates an exception with the failure behind it. */
    public ChangeoverException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
