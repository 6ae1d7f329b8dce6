package dev.changeover.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a database of its own in the shared cluster. Constructors, test methods and life-cycle methods can
 * take it as a parameter of type {@link PostgresDatabase}; nested classes share that of the outer class.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(PostgresExtension.class)
public @interface PostgresTest {

    /** SQL scripts of the class path to run when the database is created, in this order. */
    String[] scripts() default {};
}
