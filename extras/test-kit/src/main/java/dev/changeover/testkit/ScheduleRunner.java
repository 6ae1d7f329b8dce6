package dev.changeover.testkit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Opens the sessions of a schedule and closes them all, however the schedule ends.
 *
 * <pre>{@code
 * try (ScheduleRunner schedule = ScheduleRunner.on(db.dataSource())) {
 *     Session a = schedule.session("a");
 *     Session b = schedule.session("b");
 *     a.run("UPDATE account SET balance = 1 WHERE id = 7");
 *     b.start("UPDATE account SET balance = 2 WHERE id = 7");
 *     b.awaitBlocked();
 *     a.commit();
 *     b.join();
 * }
 * }</pre>
 *
 * <p>To be used by the one thread that runs the test.
 */
public final class ScheduleRunner implements AutoCloseable {
    private final DataSource source;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private Duration limit = Duration.ofSeconds(20);

    private ScheduleRunner(DataSource source) {
        this.source = source;
    }

    /** A schedule whose sessions come from this source, which must not run out of connections. */
    public static ScheduleRunner on(DataSource source) {
        return new ScheduleRunner(source);
    }

    /** Replaces the limit of 20 seconds for every wait of sessions that are opened from now on. */
    public ScheduleRunner limit(Duration limit) {
        this.limit = limit;
        return this;
    }

    /** The session of that name, opened on first use. */
    public Session session(String name) {
        return sessions.computeIfAbsent(name, key -> Session.open(key, source).limit(limit));
    }

    /** Closes all sessions, those that still block included. */
    @Override
    public void close() {
        sessions.values().forEach(Session::close);
        sessions.clear();
    }
}
