package dev.changeover.examples.next;

import static org.jooq.impl.DSL.field;

import java.time.Instant;
import org.jooq.Field;

/** The releases of the new code that this transition has seen. They differ in one expression. */
public enum Release {
    /** Has a fault that nobody has noticed: a cast to a whole number rounds, and legacy cuts. */
    ONE("extract(epoch from {0} - {1})::bigint"),
    /** Cuts as legacy does. */
    TWO("floor(extract(epoch from {0} - {1}))::bigint");

    private final String duration;

    Release(String duration) {
        this.duration = duration;
    }

    /** How long a room lasted whose owner has left: the clean-up that used to end such rooms is where it comes from. */
    Field<Long> durationOfLeft(Field<Instant> start, Field<Instant> end) {
        return field(duration, Long.class, end, start);
    }
}
