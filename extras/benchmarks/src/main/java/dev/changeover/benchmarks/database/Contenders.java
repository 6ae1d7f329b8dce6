package dev.changeover.benchmarks.database;

import java.util.ArrayList;
import java.util.List;

/** All contenders on one stand. */
final class Contenders implements AutoCloseable {

    private final Contender single;
    private final Contender naive;
    private final Contender trigger;
    private final List<Routed> routed;

    Contenders(Stand stand) {
        single = ByHand.single(stand);
        naive = ByHand.naive(stand);
        trigger = ByHand.trigger(stand);
        routed = Follower.ALL.stream()
                .map(follower -> Routed.open(follower, stand))
                .toList();
    }

    Contender single() {
        return single;
    }

    Contender naive() {
        return naive;
    }

    Contender trigger() {
        return trigger;
    }

    List<Routed> routed() {
        return routed;
    }

    List<Contender> all() {
        List<Contender> all = new ArrayList<>(List.of(single, naive, trigger));
        all.addAll(routed);
        return all;
    }

    void check() {
        all().forEach(Contender::check);
    }

    @Override
    public void close() {
        all().forEach(Contender::close);
    }
}
