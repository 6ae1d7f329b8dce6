package dev.changeover.shadowcompare;

import dev.changeover.core.spi.ObservedRead;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A read to repeat, with the logging context and the observation of the caller.
 *
 * @param read what was served
 * @param context the caller's context, or null if there was none
 * @param observation the caller's observation, or null if there was none
 */
record ReadTask(
        ObservedRead read,
        @Nullable Map<String, String> context,
        @Nullable Observation observation) {

    static ReadTask of(ObservedRead read, ObservationRegistry observations) {
        return new ReadTask(
                read, MDC.getCopyOfContextMap(), observations.isNoop() ? null : observations.getCurrentObservation());
    }

    /** Runs work in the caller's context. */
    void inContext(Runnable work) {
        // the thread may be of the application's own executor
        Map<String, String> own = MDC.getCopyOfContextMap();
        logIn(context);
        try {
            inObservation(work);
        } finally {
            logIn(own);
        }
    }

    private static void logIn(@Nullable Map<String, String> logging) {
        if (logging == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(logging);
        }
    }

    private void inObservation(Runnable work) {
        if (observation == null) {
            work.run();
        } else {
            try {
                observation.scoped(work);
            } finally {
                // a handler that throws leaves its scope open
                observation.getObservationRegistry().setCurrentObservationScope(null);
            }
        }
    }
}
