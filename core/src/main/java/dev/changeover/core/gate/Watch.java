package dev.changeover.core.gate;

import dev.changeover.core.Side;
import dev.changeover.core.control.RepositoryState;
import org.jspecify.annotations.Nullable;

/** What a guard knows of one repository. Counted by any thread, closed by the guard's. */
final class Watch {

    /** Windows are many: with no room for chance, sides that fail alike would break the budget several times an hour. */
    private static final double DEVIATIONS = 2.5;

    private final Budget budget;
    private volatile LatencyWindow legacy = new LatencyWindow();
    private volatile LatencyWindow next = new LatencyWindow();
    private LatencyWindow.@Nullable Seen baseline;
    private int breaches;
    private long epoch = -1;
    private long revision = -1;
    private long divergencesBefore;

    Watch(Budget budget) {
        this.budget = budget;
    }

    void count(Side side, long nanos, boolean failed) {
        (side == Side.LEGACY ? legacy : next).count(nanos, failed);
    }

    /**
     * Ends the window; returns what breaks the budget, or null: enough windows in a row, or the divergences since stage or
     * percentage changed. A window in which they changed says nothing of what they are now.
     *
     * @param divergences how many there have been so far
     */
    @Nullable
    String closeWindow(RepositoryState state, long divergences) {
        String breach = closeWindow();
        if (state.epoch() != epoch || state.revision() != revision) {
            epoch = state.epoch();
            revision = state.revision();
            divergencesBefore = divergences;
            breaches = 0;
            return null;
        }
        long since = divergences - divergencesBefore;
        return breach != null || since <= budget.divergences()
                ? breach
                : since + " divergences were confirmed since the last move, of " + budget.divergences() + " allowed";
    }

    private @Nullable String closeWindow() {
        LatencyWindow.Seen old = legacy.seen();
        LatencyWindow.Seen young = next.seen();
        legacy = new LatencyWindow();
        next = new LatencyWindow();
        if (old.calls() >= budget.calls()) {
            baseline = old;
        }
        if (young.calls() < budget.calls()) {
            return null;
        }
        String breach = breach(young, baseline);
        breaches = breach == null ? 0 : breaches + 1;
        return breaches >= budget.breaches() ? breach : null;
    }

    private @Nullable String breach(LatencyWindow.Seen young, LatencyWindow.@Nullable Seen old) {
        double allowed = (old == null ? 0 : old.failureRate()) + budget.errors();
        double chance = chance(young, old);
        if (young.failureRate() > allowed + chance) {
            return String.format(
                    "new failed %.1f %% of %d calls, allowed are %.1f %%, and %.1f %% for chance",
                    100 * young.failureRate(), young.calls(), 100 * allowed, 100 * chance);
        } else if (old != null && old.p95() > 0 && young.p95() > budget.latency() * old.p95()) {
            return String.format(
                    "the p95 of new was %.1f ms, that of legacy %.1f ms, allowed is %.1f times as much",
                    young.p95() / 1e6, old.p95() / 1e6, budget.latency());
        }
        return null;
    }

    /** Returns how far apart the shares of two sides that fail alike may be, at so many standard errors. */
    private double chance(LatencyWindow.Seen young, LatencyWindow.@Nullable Seen old) {
        if (old == null || old.calls() == 0) {
            return DEVIATIONS * Math.sqrt(budget.errors() * (1 - budget.errors()) / young.calls());
        }
        double share = (double) (young.failures() + old.failures()) / (young.calls() + old.calls());
        return DEVIATIONS * Math.sqrt(share * (1 - share) * (1.0 / young.calls() + 1.0 / old.calls()));
    }
}
