package dev.changeover.core.request;

/**
 * Does what one verb asks for. It may be begun again, here or on another instance, if the one that had it dies. Safe for
 * use by several threads.
 */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Does it, on a thread of its own, and says what came of it. What it throws ends the request: a
     * {@link dev.changeover.core.MoveRefusedException} as refused if it would lose data, anything else as failed, with the
     * message of this library's own exceptions and the type of others.
     */
    RequestResult handle(Request request) throws Exception;

    /** Tells whether it may run while another request of the same repository does, since it changes nothing. */
    default boolean alongside() {
        return false;
    }
}
