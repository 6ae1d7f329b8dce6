package dev.changeover.benchmarks.micro;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Gives keys and lambda shapes in turn. */
@State(Scope.Thread)
public class Keys {

    private final Long[] keys = HashUsers.keys();
    private int next;

    Long next() {
        return keys[next++ & (HashUsers.SIZE - 1)];
    }

    /** Returns the number of the call, whose last bits choose the shape; 7 and 1024 have no divisor in common. */
    int shape() {
        return next * 7;
    }
}
