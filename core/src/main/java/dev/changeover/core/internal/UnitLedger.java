package dev.changeover.core.internal;

import dev.changeover.core.Side;
import dev.changeover.core.StageChangedException;
import dev.changeover.core.spi.UnitOfWork;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the engine remembers of one unit of work. Only its own thread uses it. */
final class UnitLedger {

    private static final Object KEY = UnitLedger.class;

    private final Map<String, Side> servedReads = new HashMap<>();
    private int followerParts;
    private int keys;
    private boolean wakesDrain;

    static UnitLedger of(UnitOfWork unit) {
        return unit.resource(KEY, UnitLedger::new);
    }

    /** Returns the side that this unit has read or written before, or null. */
    @Nullable
    Side side(String repository) {
        return servedReads.get(repository);
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

    /** Counts key locks: they live in the server's lock table, which is of fixed size, until the transaction ends. */
    int countKeys(int more) {
        keys += more;
        return keys;
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
