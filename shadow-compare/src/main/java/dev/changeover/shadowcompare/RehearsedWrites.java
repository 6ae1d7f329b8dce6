package dev.changeover.shadowcompare;

import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.event.ChangeoverListener;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reports what rehearsed writes would have done otherwise than the authority did. A rehearsal is compared in the
 * transaction of its write, so what differs is confirmed by that.
 *
 * <pre>{@code
 * RehearsedWrites rehearsed = RehearsedWrites.into(buffer.and(new LoggingDivergenceLog()));
 * Changeover.builder().listener(rehearsed)...
 * }</pre>
 *
 * <p>Divergences are handed on by a thread of this object; those for which its queue has no room are counted. Safe for
 * use by several threads.
 */
public final class RehearsedWrites implements ChangeoverListener, AutoCloseable {
    private final HandOff divergences;
    private final Clock clock;
    private final Map<String, Long> epochs = new ConcurrentHashMap<>();

    private RehearsedWrites(DivergenceLog log, Clock clock) {
        this.divergences = new HandOff(log, "changeover-rehearsals");
        this.clock = clock;
    }

    /** Hands divergences to this log. */
    public static RehearsedWrites into(DivergenceLog log) {
        return into(log, Clock.systemUTC());
    }

    /** Hands divergences to this log, with times from this clock. */
    public static RehearsedWrites into(DivergenceLog log, Clock clock) {
        return new RehearsedWrites(log, clock);
    }

    @Override
    public void stageSeen(String repository, Stage stage, long epoch, int percent) {
        epochs.put(repository, epoch);
    }

    @Override
    public void rehearsed(String repository, String operation, String key, List<Difference> differences) {
        if (Difference.anyCounts(differences)) {
            long epoch = epochs.getOrDefault(repository, 0L);
            divergences.offer(() -> differences.stream()
                    .filter(Difference::counts)
                    .map(each -> new Divergence(repository, operation, key, each, epoch, clock.instant()))
                    .toList());
        }
    }

    /** Returns how many rehearsals differed and did not reach the log. */
    public long unreported() {
        return divergences.lost();
    }

    /** Ends the thread; what still waits is counted as unreported. */
    @Override
    public void close() {
        divergences.close();
    }
}
