package dev.changeover.core;

import dev.changeover.core.spi.ReadKind;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a method of a port as a read, instead of naming it in {@link Routes}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Read {
    /** Returns what kind of read it is. */
    ReadKind value() default ReadKind.KEYED;
}
