package dev.changeover.shadowcompare;

import java.util.concurrent.atomic.LongAdder;

/** Collects the {@link NoiseFloor} of one operation. */
final class Noise {
    private final LongAdder rereads = new LongAdder();
    private final LongAdder unstable = new LongAdder();
    private final RunningMedian served = new RunningMedian();
    private final RunningMedian other = new RunningMedian();

    void add(Answer again, boolean differs, Answer otherAnswer) {
        rereads.increment();
        if (differs) {
            unstable.increment();
        }
        served.add(again.nanos());
        other.add(otherAnswer.nanos());
    }

    NoiseFloor floor() {
        return new NoiseFloor(rereads.sum(), unstable.sum(), served.nanos(), other.nanos());
    }
}
