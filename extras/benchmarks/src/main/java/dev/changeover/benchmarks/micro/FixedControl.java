package dev.changeover.benchmarks.micro;

import dev.changeover.core.Stage;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.RepositoryState;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;

/** A control of one repository that stays in one stage, for reads without a database. */
final class FixedControl {

    private FixedControl() {}

    static Control in(String repository, Stage stage) {
        RepositoryState state = new RepositoryState(repository, 1, stage, 1, 0, 1, Set.of(), Set.of(), true, null);
        return (Control) Proxy.newProxyInstance(
                Control.class.getClassLoader(), new Class<?>[] {Control.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "register" -> state.number();
                        case "states" -> List.of(state);
                        case "heartbeat" -> null;
                        default -> throw new UnsupportedOperationException(method + " in a benchmark of reads");
                    };
                });
    }
}
