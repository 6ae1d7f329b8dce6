package dev.changeover.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * What the library logged during a test; a parameter of tests that {@link ExpectedLogs} extends. Safe for use by several
 * threads.
 */
public final class CapturedLogs {
    private final Appender appender = new Appender();
    private final Logger logger;

    CapturedLogs(String loggerName) {
        if (!(LoggerFactory.getLogger(loggerName) instanceof Logger found)) {
            throw new IllegalStateException("Logback is not the logging backend of these tests");
        }
        logger = found;
    }

    /** The formatted messages so far, of all levels that are switched on. */
    public List<String> messages() {
        return appender.events.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** Warnings and errors so far as {@code LEVEL logger - message}. */
    public List<String> problems() {
        return appender.events.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(event -> event.getLevel() + " " + event.getLoggerName() + " - " + event.getFormattedMessage())
                .toList();
    }

    void start() {
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    void stop() {
        logger.detachAppender(appender);
        appender.stop();
    }

    /** Unlike logback's ListAppender, to be read while other threads log. */
    private static final class Appender extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    }
}
