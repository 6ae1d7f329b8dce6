package dev.changeover.core.gate;

import dev.changeover.core.Side;
import dev.changeover.core.measure.CallCount;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The operations that both sides have served, each often enough to be judged. */
final class SideBySide {

    private final List<CallCount> calls;
    private final List<Pair> pairs;

    SideBySide(List<CallCount> calls, long least) {
        this.calls = calls;
        this.pairs = calls.stream()
                .filter(each -> each.side() == Side.NEW && each.calls() >= least)
                .flatMap(next -> calls.stream()
                        .filter(each -> each.side() == Side.LEGACY
                                && each.calls() >= least
                                && each.operation().equals(next.operation()))
                        .map(legacy -> new Pair(legacy, next)))
                .toList();
    }

    List<Pair> pairs() {
        return pairs;
    }

    /** Returns the calls of the operation that this side has served most often. */
    long most(Side side) {
        return calls.stream()
                .filter(each -> each.side() == side)
                .mapToLong(CallCount::calls)
                .max()
                .orElse(0);
    }

    /** One operation on both sides. */
    record Pair(CallCount legacy, CallCount next) {

        String shown(ToDoubleFunction<CallCount> of, boolean rate) {
            double scale = rate ? 100 : 1e-6;
            return String.format(
                    Locale.ROOT,
                    "%s: %.2f %s, legacy %.2f",
                    next.operation(),
                    scale * of.applyAsDouble(next),
                    rate ? "%" : "ms",
                    scale * of.applyAsDouble(legacy));
        }
    }
}
