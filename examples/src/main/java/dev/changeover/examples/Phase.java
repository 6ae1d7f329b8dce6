package dev.changeover.examples;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Where the walk is, under the name that the figures carry. */
final class Phase implements Supplier<String> {

    private final AtomicReference<String> name = new AtomicReference<>("LEGACY_ONLY");

    @Override
    public String get() {
        return name.get();
    }

    void enter(String next) {
        name.set(next);
    }
}
