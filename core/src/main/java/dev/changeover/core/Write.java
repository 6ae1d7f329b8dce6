package dev.changeover.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a method of a port as a write, instead of naming it in {@link Routes}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Write {
    /** Returns how the follower is written. */
    FollowerMode value() default FollowerMode.STATE;
}
