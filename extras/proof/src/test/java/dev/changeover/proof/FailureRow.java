package dev.changeover.proof;

import dev.changeover.core.Stage;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the row of the failure matrix that a test proves. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(FailureRow.List.class)
public @interface FailureRow {

    String BEFORE = "before the first write";
    String BETWEEN = "between authority and follower";
    String THROWS = "the authority throws after writing, the caller commits";
    String INSIDE = "inside the savepoint";
    String LOST_REPLY = "during COMMIT with the reply lost";
    String AFTER_COMMIT = "after the authority's commit";
    String FOLLOWER = "follower slow, full, read-only, out of connections";
    String CLEARED = "after the follower's commit, before the marks are cleared";
    String DRAINER = "drainer killed holding claims, or paused across a flip";
    String TWO_DRAINERS = "two drainers on one key";
    String RACE = "delete racing update and backfill";
    String FLIP = "flip during writes, with a long transaction open (routed, foreign, reading only),"
            + " killed at each step, two at once";
    String MISSED = "an instance that misses a flip or loses the control tables";
    String SAVEPOINT = "caller's savepoint rolled back and the unit goes on";
    String PSQL = "writes from psql in every stage, inside and outside routed transactions";
    String CRASH = "server crash and restart at each of these points";

    /** The name of the row, one of those that {@link FailureMatrixTest} lists. */
    String value();

    /** The stages in which the test plays, where its parameters do not tell. */
    Stage[] stages() default {};

    /** Whether a rule was taken away, so that the check of this row is seen to fail. */
    boolean mutant() default false;

    /** Holds several rows of one test. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface List {

        /** The rows. */
        FailureRow[] value();
    }
}
