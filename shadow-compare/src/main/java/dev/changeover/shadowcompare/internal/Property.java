package dev.changeover.shadowcompare.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Type;

/**
 * One field of a record or a bean, as its accessor declares it.
 *
 * @param name the name of the record component, or of the getter without its prefix
 * @param accessor the method that returns it
 */
record Property(String name, Method accessor) {

    Class<?> type() {
        return accessor.getReturnType();
    }

    Type genericType() {
        return accessor.getGenericReturnType();
    }
}
