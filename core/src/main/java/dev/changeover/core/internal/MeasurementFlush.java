package dev.changeover.core.internal;

import dev.changeover.core.control.Control;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.measure.Counts;
import dev.changeover.core.measure.Measurements;
import java.util.List;

/**
 * Tells the control schema what this instance counted. What could not be told is told the next time; where the reply of
 * a commit was lost that is twice, which is rare and makes nothing look better than it is by more than a few seconds.
 */
final class MeasurementFlush implements Runnable {

    private final Measurements measurements;
    private final Control control;
    private final ChangeoverListener listener;
    private final Thread thread = new Thread(this, "changeover-measurements");
    private Counts told = new Counts(List.of(), List.of());
    private volatile boolean closed;

    MeasurementFlush(Measurements measurements, Control control, ChangeoverListener listener) {
        this.measurements = measurements;
        this.control = control;
        this.listener = listener;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        while (!closed) {
            Pauses.millis(measurements.period().toMillis());
            flush();
        }
    }

    synchronized void flush() {
        try {
            Counts now = measurements.counts();
            Counts news = now.since(told);
            if (!news.isEmpty()) {
                control.measure(news);
                told = now;
            }
        } catch (RuntimeException | Error e) {
            listener.backgroundFailed("record of the measurements", e);
        }
    }

    void close() {
        closed = true;
        thread.interrupt();
        flush();
    }
}
