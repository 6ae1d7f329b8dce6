package dev.changeover.shadowcompare;

import dev.changeover.core.spi.ObservedRead;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A read to repeat, with the logging context of the caller.
 *
 * @param read what was served
 * @param context the caller's context, or null if there was none
 */
record ReadTask(ObservedRead read, @Nullable Map<String, String> context) {

    static ReadTask of(ObservedRead read) {
        return new ReadTask(read, MDC.getCopyOfContextMap());
    }

    void enterContext() {
        if (context == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(context);
        }
    }
}
