package dev.changeover.core.internal;

import dev.changeover.core.Side;
import dev.changeover.core.StageChangedException;
import dev.changeover.core.spi.UnitOfWork;
import java.util.HashMap;
import java.util.Map;

/** What the engine remembers of one unit of work. Only its own thread uses it. */
final class UnitLedger {

    private static final Object KEY = UnitLedger.class;

    private final Map<String, Side> servedReads = new HashMap<>();
    private int followerParts;
    private boolean wakesDrain;

    static UnitLedger of(UnitOfWork unit) {
        return unit.resource(KEY, UnitLedger::new);
    }

    /** Tells whether this unit has read or written the repository before. */
    boolean knows(String repository) {
        return servedReads.containsKey(repository);
    }

    /** Remembers the side that served the first read; later ones do not change it. */
    void served(String repository, Side side) {
        servedReads.putIfAbsent(repository, side);
    }

    /** Refuses a write whose unit read what is now the follower's data. */
    void checkAuthority(String repository, Side authority) {
        Side read = servedReads.get(repository);
        if (read != null && read != authority) {
            throw new StageChangedException(repository);
        }
        servedReads.put(repository, authority);
    }

    int countFollowerPart() {
        return ++followerParts;
    }

    /** Wakes the drain once, after the commit that made the marks visible. */
    void wakeAfterCommit(UnitOfWork unit, Runnable wake) {
        if (!wakesDrain) {
            wakesDrain = true;
            unit.afterCompletion(committed -> {
                if (committed) {
                    wake.run();
                }
            });
        }
    }
}
