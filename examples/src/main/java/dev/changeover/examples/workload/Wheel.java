package dev.changeover.examples.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Picks one of several things, each as often as its weight says. */
final class Wheel<T> {

    private final List<T> slots = new ArrayList<>();

    void add(int weight, T thing) {
        for (int i = 0; i < weight; i++) {
            slots.add(thing);
        }
    }

    T pick(SplittableRandom random) {
        return slots.get(random.nextInt(slots.size()));
    }
}
