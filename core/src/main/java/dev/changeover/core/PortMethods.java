package dev.changeover.core;

import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.internal.Engine;
import dev.changeover.core.internal.Operation;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The methods of a port, checked against what was declared of them and turned into invokers. */
final class PortMethods<R, K, V> {

    private static final String DECLARE = "Declare it in route(..) with reads, lookups, queries or writes";

    private static final List<Class<?>> LATER = List.of(CompletionStage.class, Future.class, Flow.Publisher.class);

    private final String repository;
    private final Class<R> port;
    private final PortTypes types;
    private final MethodKeys.Types<K, V> keyTypes;
    private final Routes routes;
    private final Transactions transactions;
    private final Class<?> implementation;
    private final ChangeoverListener listener;

    PortMethods(
            String repository,
            Class<R> port,
            MethodKeys.Types<K, V> keyTypes,
            Routes routes,
            Transactions transactions,
            Class<?> implementation,
            ChangeoverListener listener) {
        this.repository = repository;
        this.port = port;
        this.types = new PortTypes(port);
        this.keyTypes = keyTypes;
        this.routes = routes;
        this.transactions = transactions;
        this.implementation = implementation;
        this.listener = listener;
    }

    void check() {
        if (!port.isInterface()) {
            throw new ConfigurationException(
                    repository, port.getName() + " is not an interface", "Name the interface that the services use");
        }
        checkNames();
        methods().forEach(this::check);
    }

    private Stream<Method> methods() {
        return Arrays.stream(port.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.isBridge());
    }

    private void checkNames() {
        Set<String> known = new HashSet<>();
        methods().forEach(method -> known.addAll(List.of(method.getName(), signature(method))));
        for (String name : routes.all().keySet()) {
            if (!known.contains(name)) {
                throw new ConfigurationException(
                        repository + "." + name,
                        port.getSimpleName() + " has no such method",
                        "It has " + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    private void check(Method method) {
        Routes.Route route = route(method);
        if (!route.declared()) {
            if (!method.isDefault()) {
                throw refused(method, "neither a read nor a write", DECLARE);
            }
            return;
        }
        if (LATER.stream().anyMatch(type -> type.isAssignableFrom(method.getReturnType()))) {
            throw refused(
                    method, "its result comes on another thread, outside the transaction", "Give it a direct result");
        }
        if (route.write) {
            checkWrite(method, route, keys(method, route));
        } else {
            checkRead(method, route, keys(method, route));
        }
    }

    private void checkWrite(Method method, Routes.Route route, MethodKeys<K, V> keys) {
        if (!keys.known() && !route.bulk) {
            throw refused(
                    method,
                    "a write whose keys nothing tells",
                    "Name them with keys(\"" + method.getName() + "\", (arguments, result) -> ..), or declare it with"
                            + " bulk(..) and install sentinels");
        }
        if (route.bulk && route.mode == FollowerMode.REHEARSE) {
            throw refused(
                    method,
                    "a bulk write cannot be rehearsed, since its keys are known too late",
                    "Take it out of rehearses, or name its keys");
        }
        if (keys.ambiguous() && !route.bulk) {
            throw refused(
                    method,
                    "several arguments have the type of the key",
                    "Name the keys with keys(\"" + method.getName() + "\", (arguments, result) -> ..)");
        }
        TransactionSettings settings = transactions.settingsOf(implementation, method);
        if (!settings.propagation().joins()) {
            throw refused(
                    method,
                    "its propagation " + settings.propagation() + " leaves the caller's transaction",
                    "Use REQUIRED, SUPPORTS or MANDATORY");
        }
    }

    private void checkRead(Method method, Routes.Route route, MethodKeys<K, V> keys) {
        if (method.getReturnType() == void.class) {
            throw refused(method, "a read that returns nothing", "Declare it as a write");
        }
        if (route.mode != null) {
            throw refused(method, "a read has no follower", "Take it out of rehearses and replays");
        }
        if (route.read == ReadKind.KEYED && !keys.single()) {
            throw refused(
                    method, "a read by key without an argument that is the key", "Declare it with lookups or queries");
        }
        if (route.read == ReadKind.KEYED && keys.ambiguous()) {
            throw refused(
                    method,
                    "several arguments have the type of the key",
                    "Name the key with keys(\"" + method.getName() + "\", (arguments, result) -> ..)");
        }
    }

    private ConfigurationException refused(Method method, String problem, String remedy) {
        return new ConfigurationException(repository + "." + signature(method), problem, remedy);
    }

    Map<Method, PortProxy.Invoker> invokers(Engine<R, K, V> engine) {
        Map<Method, PortProxy.Invoker> invokers = new HashMap<>();
        Arrays.stream(port.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .forEach(method -> invokers.put(method, invoker(engine, method)));
        return invokers;
    }

    private PortProxy.Invoker invoker(Engine<R, K, V> engine, Method method) {
        method.setAccessible(true);
        Routes.Route route = route(method);
        if (!route.declared()) {
            MethodHandle inherited = inherited(method);
            return (proxy, arguments) -> inherited.bindTo(proxy).invokeWithArguments(arguments);
        }
        Operation operation = operation(method, route);
        return route.write
                ? PortProxy.write(engine, operation, method, keys(method, route))
                : PortProxy.read(engine, operation, method, keys(method, route));
    }

    /** With a lookup of the port's own, since a port need not be public. */
    private MethodHandle inherited(Method method) {
        Class<?> owner = method.getDeclaringClass();
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).unreflectSpecial(method, owner);
        } catch (IllegalAccessException e) {
            throw refused(method, "its default body cannot be reached", "Open its package, or declare it in route(..)");
        }
    }

    private Operation operation(Method method, Routes.Route route) {
        return Operations.of(
                name(method), route, transactions.settingsOf(implementation, method), snapshot(method, route));
    }

    /** Overloads of one name are told apart, so that each has its own metrics and its own evidence. */
    private String name(Method method) {
        long overloads = methods()
                .filter(other -> other.getName().equals(method.getName()))
                .map(other -> Arrays.asList(other.getParameterTypes()))
                .distinct()
                .count();
        return overloads == 1 ? method.getName() : signature(method);
    }

    private @Nullable UnaryOperator<@Nullable Object> snapshot(Method method, Routes.Route route) {
        if (route.write || route.unshadowed) {
            return null;
        }
        if (route.snapshot != null) {
            return route.snapshot;
        }
        UnaryOperator<@Nullable Object> found = Snapshots.of(types, method.getGenericReturnType());
        if (found == null) {
            listener.notShadowed(repository, name(method), "its result is mutable and has no snapshot function");
        }
        return found;
    }

    private MethodKeys<K, V> keys(Method method, Routes.Route route) {
        return new MethodKeys<>(method, types, keyTypes, route.keys);
    }

    private Routes.Route route(Method method) {
        Routes.Route bySignature = routes.all().get(signature(method));
        Routes.Route byName = routes.all().get(method.getName());
        Routes.Route route =
                bySignature != null ? bySignature : Objects.requireNonNullElseGet(byName, Routes.Route::new);
        return route.declared() ? route : Operations.annotated(method, route);
    }

    private static String signature(Method method) {
        return method.getName() + "("
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(","))
                + ")";
    }

    /** What was declared, for a router that is written by hand and says at each call what it is. */
    Dual.OperationFactory byName() {
        return new Dual.OperationFactory() {
            @Override
            public Operation read(String name, ReadKind kind) {
                Routes.Route route = routes.all().getOrDefault(name, new Routes.Route());
                if (route.write || (route.read != null && route.read != kind)) {
                    throw new ConfigurationException(
                            repository + "." + name, "declared otherwise", "Call it as declared");
                }
                return Operations.read(name, kind, route);
            }

            @Override
            public Operation write(String name) {
                Routes.Route route = routes.all().getOrDefault(name, new Routes.Route());
                if (route.read != null) {
                    throw new ConfigurationException(
                            repository + "." + name, "declared as a read", "Call it as declared");
                }
                return Operations.of(name, route, TransactionSettings.DEFAULTS, null);
            }
        };
    }
}
