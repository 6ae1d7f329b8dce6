package dev.changeover.examples;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Where the walk is, under the name that the figures carry, and how long it stayed where it was. */
final class Phase implements Supplier<String> {

    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private volatile String name;
    private long since = System.nanoTime();

    Phase(String first) {
        name = first;
    }

    @Override
    public String get() {
        return name;
    }

    /** The next phase begins; the traffic of the first one begins it too. */
    synchronized void enter(String next) {
        seconds.merge(name, seconds(), Double::sum);
        name = next;
        since = System.nanoTime();
    }

    /** Begins to count the time of the first phase. */
    synchronized void start() {
        since = System.nanoTime();
    }

    private double seconds() {
        return (System.nanoTime() - since) / 1e9;
    }

    /** Returns the phases so far in their order, with the seconds that each took. */
    synchronized Map<String, Double> all() {
        Map<String, Double> all = new LinkedHashMap<>(seconds);
        all.putIfAbsent(name, seconds());
        return all;
    }
}
