package dev.changeover.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the documented guarantee that a test, or each test of a class, holds the code to. {@link GuaranteeTable} lists
 * the tests of each guarantee.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(Guarantee.List.class)
public @interface Guarantee {

    /** The identifier of the guarantee in the documentation, for example {@code G5}. */
    String value();

    /** Holds several guarantees of one test. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface List {

        /** The guarantees. */
        Guarantee[] value();
    }
}
