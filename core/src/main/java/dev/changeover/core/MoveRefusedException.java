package dev.changeover.core;

import org.jspecify.annotations.Nullable;

/** A move was refused or gave up; nothing was changed. The message says why and what would help. */
public final class MoveRefusedException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * Creates the exception.
     *
     * @param code the SQLSTATE of the refusal: {@code CO014} for open marks, {@code CO015} for lagging instances,
     *     {@code CO018} for transactions that hold the fence, {@code CO019} for an unexpected epoch, and others
     * @param message what was refused, why, and the remedy
     * @param cause the server's answer
     */
    public MoveRefusedException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Returns the SQLSTATE of the refusal. */
    public String code() {
        return code;
    }
}
