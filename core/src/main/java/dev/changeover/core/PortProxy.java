package dev.changeover.core;

import dev.changeover.core.internal.Call;
import dev.changeover.core.internal.Engine;
import dev.changeover.core.internal.KeySource;
import dev.changeover.core.internal.Operation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A port made of the engine: every method was resolved when the repository was built. */
@SuppressWarnings("NullAway") // it does not know yet that a type argument may be nullable
final class PortProxy<R> implements InvocationHandler {

    private static final Object[] NO_ARGUMENTS = {};

    /** What one method of the port does. */
    @FunctionalInterface
    interface Invoker {
        @Nullable
        Object invoke(Object proxy, Object[] arguments) throws Throwable;
    }

    private final String name;
    private final Class<R> port;
    private final Map<Method, Invoker> invokers;

    private PortProxy(String name, Class<R> port, Map<Method, Invoker> invokers) {
        this.name = name;
        this.port = port;
        this.invokers = invokers;
    }

    static <R> R create(String name, Class<R> port, Map<Method, Invoker> invokers) {
        Object proxy = Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, new PortProxy<>(name, port, Map.copyOf(invokers)));
        return port.cast(proxy);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object[] values = arguments == null ? NO_ARGUMENTS : arguments;
        Invoker invoker = invokers.get(method);
        return invoker != null ? invoker.invoke(proxy, values) : ofObject(proxy, method, values);
    }

    private Object ofObject(Object proxy, Method method, Object[] values) {
        return switch (method.getName()) {
            case "equals" -> proxy == values[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> port.getSimpleName() + " (changeover: " + name + ")";
        };
    }

    static <R, K, V> Invoker read(Engine<R, K, V> engine, Operation operation, Method method, MethodKeys<K, V> keys) {
        boolean keyed = operation.kind() == dev.changeover.core.spi.ReadKind.KEYED;
        return (proxy, arguments) ->
                engine.read(operation, keyed ? keys.first(arguments) : null, port -> call(method, port, arguments));
    }

    static <R, K, V> Invoker write(Engine<R, K, V> engine, Operation operation, Method method, MethodKeys<K, V> keys) {
        if (operation.mode() == FollowerMode.STATE) {
            return (proxy, arguments) -> engine.write(
                    operation,
                    keySource(operation, keys, arguments),
                    port -> call(method, port, arguments),
                    result -> null);
        }
        return (proxy, arguments) -> {
            Supplier<Object[]> copied = copied(operation, arguments);
            return engine.write(
                    operation, keySource(operation, keys, arguments), port -> call(method, port, arguments), result -> {
                        Object[] again = operation.completeArguments().apply(copied.get(), result);
                        Call<R, @Nullable Object> call = port -> call(method, port, again);
                        return call;
                    });
        };
    }

    private static <K> KeySource<K> keySource(Operation operation, MethodKeys<K, ?> keys, Object[] arguments) {
        return operation.bulk() ? KeySource.unknown() : keys.of(arguments);
    }

    /** Copies now, before the authority sees the arguments; a copy that fails is the rehearsal's failure. */
    private static Supplier<Object[]> copied(Operation operation, Object[] arguments) {
        try {
            Object[] copy = operation.copyArguments().apply(arguments);
            return () -> copy;
        } catch (RuntimeException failure) {
            return () -> {
                throw failure;
            };
        }
    }

    /** Throws what the port threw, unwrapped. */
    private static @Nullable Object call(Method method, Object port, Object[] arguments) throws Throwable {
        try {
            return method.invoke(port, arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw cause == null ? e : cause;
        }
    }
}
