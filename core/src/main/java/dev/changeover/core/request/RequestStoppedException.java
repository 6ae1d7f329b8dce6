package dev.changeover.core.request;

import dev.changeover.core.ChangeoverException;

/** A request is not to go on here: somebody cancelled it, another instance has it, or this one closes. */
public final class RequestStoppedException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    RequestStoppedException(long id) {
        super("request " + id + " is not to go on here; what was done before stays", null);
    }
}
