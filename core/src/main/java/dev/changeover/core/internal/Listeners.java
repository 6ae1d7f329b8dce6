package dev.changeover.core.internal;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.event.ChangeoverListener;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Several listeners as one; what a listener throws is dropped, since it is called in the middle of a caller's work. */
public final class Listeners implements ChangeoverListener {

    private final ChangeoverListener[] all;
    private final LongAdder dropped = new LongAdder();

    private Listeners(ChangeoverListener[] all) {
        this.all = all;
    }

    /** Returns one listener for all of these, and the null object for none. */
    public static ChangeoverListener all(List<ChangeoverListener> listeners) {
        return listeners.isEmpty()
                ? ChangeoverListener.NONE
                : new Listeners(listeners.toArray(ChangeoverListener[]::new));
    }

    /** Returns how many times a listener threw. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void readServed(String repository, String operation, Side side, long nanos, boolean failed) {
        for (ChangeoverListener listener : all) {
            try {
                listener.readServed(repository, operation, side, nanos, failed);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void readFellBack(String repository, String operation, String reason) {
        for (ChangeoverListener listener : all) {
            try {
                listener.readFellBack(repository, operation, reason);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void writeServed(
            String repository, String operation, Stage stage, Side authority, long nanos, boolean failed) {
        for (ChangeoverListener listener : all) {
            try {
                listener.writeServed(repository, operation, stage, authority, nanos, failed);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void followed(String repository, String operation, Stage stage, long nanos) {
        for (ChangeoverListener listener : all) {
            try {
                listener.followed(repository, operation, stage, nanos);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void marked(
            String repository, String operation, Stage stage, int keys, String reason, @Nullable Throwable failure) {
        for (ChangeoverListener listener : all) {
            try {
                listener.marked(repository, operation, stage, keys, reason, failure);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void rehearsed(String repository, String operation, String key, List<Difference> differences) {
        for (ChangeoverListener listener : all) {
            try {
                listener.rehearsed(repository, operation, key, differences);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void rehearsalSkipped(String repository, String operation, String reason) {
        for (ChangeoverListener listener : all) {
            try {
                listener.rehearsalSkipped(repository, operation, reason);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void drained(String repository, int keys, int failed, long nanos) {
        for (ChangeoverListener listener : all) {
            try {
                listener.drained(repository, keys, failed, nanos);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void parked(String repository, String key, int attempts, Throwable failure) {
        for (ChangeoverListener listener : all) {
            try {
                listener.parked(repository, key, attempts, failure);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void drainStopped(String repository, String why) {
        for (ChangeoverListener listener : all) {
            try {
                listener.drainStopped(repository, why);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void copied(BackfillProgress progress, String job) {
        for (ChangeoverListener listener : all) {
            try {
                listener.copied(progress, job);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void foreignChanges(String repository, long changes) {
        for (ChangeoverListener listener : all) {
            try {
                listener.foreignChanges(repository, changes);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void stageSeen(String repository, Stage stage, long epoch, int percent) {
        for (ChangeoverListener listener : all) {
            try {
                listener.stageSeen(repository, stage, epoch, percent);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void breakerMoved(String repository, String state) {
        for (ChangeoverListener listener : all) {
            try {
                listener.breakerMoved(repository, state);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void notShadowed(String repository, String operation, String why) {
        for (ChangeoverListener listener : all) {
            try {
                listener.notShadowed(repository, operation, why);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }

    @Override
    public void backgroundFailed(String what, Throwable failure) {
        for (ChangeoverListener listener : all) {
            try {
                listener.backgroundFailed(what, failure);
            } catch (RuntimeException | Error thrown) {
                dropped.increment();
            }
        }
    }
}
