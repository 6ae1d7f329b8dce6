package dev.changeover.proof;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the schedule that a test plays. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Counterexample {

    /** The name of the schedule. */
    String value();

    /** Whether a rule was taken away, so that the guarantee is seen to break: the check is one that can fail. */
    boolean mutant() default false;
}
