package dev.changeover.proof;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Puts a hook before and behind every call of an interface. */
final class Watched {

    private Watched() {}

    /**
     * Returns a decorator. The hook hears "name.method" before the call and "name.method done" after it, and may throw,
     * wait or count.
     */
    static <T> UnaryOperator<T> as(Class<? super T> type, String name, Consumer<String> hook) {
        return target -> of(type, target, name, hook);
    }

    @SuppressWarnings("unchecked") // the proxy implements the very interface of its target
    private static <T> T of(Class<? super T> type, T target, String name, Consumer<String> hook) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("equals") ? proxy == arguments[0] : method.invoke(target, arguments);
            }
            String point = name + "." + method.getName();
            hook.accept(point);
            try {
                Object result = method.invoke(target, arguments);
                hook.accept(point + " done");
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
