package dev.changeover.core.internal;

import java.util.List;

/** Finds the constraints of a side that would otherwise speak only at the caller's commit. */
@FunctionalInterface
public interface DeferredConstraints {

    /** Returns the quoted, qualified names of the initially deferred constraints of these tables. */
    List<String> of(List<String> tables);
}
