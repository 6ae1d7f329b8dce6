package dev.changeover.console;

import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** Plays an instance of the application: takes the requests of a repository as they come and answers all of them alike. */
final class Application implements AutoCloseable {
    private final PostgresDatabase database;
    private final String repository;
    private final String end;
    private final Thread thread;
    private volatile boolean stopped;

    private Application(PostgresDatabase database, String repository, String end) {
        this.database = database;
        this.repository = repository;
        this.end = end;
        this.thread = new Thread(this::work, "application");
        thread.start();
    }

    static Application answers(PostgresDatabase database, String repository, String state, String result) {
        return new Application(
                database, repository, "state = '" + state + "', result = '" + result.replace("'", "''") + "'");
    }

    static Application fails(PostgresDatabase database, String repository, String state, String error) {
        return new Application(database, repository, "state = '" + state + "', error = '" + error + "'");
    }

    private void work() {
        while (!stopped) {
            List<String> waiting = database.queryStrings("SELECT id FROM changeover.request WHERE repository = '"
                    + repository + "' AND state = 'WAITING' AND expires_at > clock_timestamp()");
            waiting.forEach(id -> {
                database.execute("UPDATE changeover.request SET state = 'RUNNING', instance = 'one', attempts = 1,"
                        + " taken_at = clock_timestamp(), updated_at = clock_timestamp(),"
                        + " progress = '{\"done\": 50, \"of\": 100, \"what\": \"rows\"}' WHERE id = " + id);
                pause(300);
                database.execute("UPDATE changeover.request SET " + end
                        + ", updated_at = clock_timestamp(), ended_at = clock_timestamp() WHERE id = " + id);
            });
            pause(50);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until somebody has asked. */
    static String asked(PostgresDatabase database, String repository) {
        String sql = "SELECT id FROM changeover.request WHERE repository = '" + repository + "' ORDER BY id";
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> !database.queryStrings(sql).isEmpty());
        return String.valueOf(database.queryStrings(sql).get(0));
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
