package dev.changeover.core;

import dev.changeover.core.internal.Operation;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.core.spi.TransactionSettings;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes operations out of what was declared. */
final class Operations {

    private Operations() {}

    static Operation of(
            String name,
            Routes.Route route,
            TransactionSettings settings,
            @Nullable UnaryOperator<@Nullable Object> snapshot) {
        return new Operation(
                name,
                route.read,
                route.legacyOnly,
                route.locking,
                route.bulk,
                Objects.requireNonNullElse(route.mode, FollowerMode.STATE),
                settings,
                snapshot,
                route.copy == null ? UnaryOperator.identity() : route.copy,
                route.complete == null ? (arguments, result) -> arguments : route.complete);
    }

    /** By hand the type of a result is not known; who shadows a mutable one declares a snapshot. */
    static Operation read(String name, ReadKind kind, Routes.Route route) {
        UnaryOperator<@Nullable Object> snapshot =
                route.unshadowed ? null : Objects.requireNonNullElse(route.snapshot, UnaryOperator.identity());
        return new Operation(
                name,
                kind,
                route.legacyOnly,
                route.locking,
                false,
                FollowerMode.STATE,
                TransactionSettings.DEFAULTS,
                snapshot,
                UnaryOperator.identity(),
                (arguments, result) -> arguments);
    }

    /** Takes what annotations on the port say, where nothing was said in the wiring. */
    static Routes.Route annotated(Method method, Routes.Route said) {
        Read read = method.getAnnotation(Read.class);
        Write write = method.getAnnotation(Write.class);
        if (read == null && write == null) {
            return said;
        }
        Routes.Route route = new Routes.Route();
        route.legacyOnly = said.legacyOnly;
        route.locking = said.locking;
        route.unshadowed = said.unshadowed;
        route.bulk = said.bulk;
        route.keys = said.keys;
        route.snapshot = said.snapshot;
        route.copy = said.copy;
        route.complete = said.complete;
        route.read = read == null ? null : read.value();
        route.write = write != null;
        route.mode = said.mode != null || write == null ? said.mode : write.value();
        return route;
    }
}
