package dev.changeover.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Allows warnings and errors whose message matches, in a test or in all tests of a class. A message need not occur;
 * assert on {@link CapturedLogs} where it must.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(ExpectsLog.List.class)
public @interface ExpectsLog {

    /** A regular expression to be found in {@code LEVEL logger - message}. */
    String value();

    /** Holds several expectations of one test. */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface List {

        /** The expectations. */
        ExpectsLog[] value();
    }
}
