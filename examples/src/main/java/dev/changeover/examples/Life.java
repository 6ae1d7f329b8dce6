package dev.changeover.examples;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.examples.journal.Expectation;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What this life of the job finds: what the journal says was told to writers, and where the control schema says the
 * repositories are. Until somebody was told something there is nothing to go on with.
 */
final class Life {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final JdbcTemplate jdbc;
    private final Expectation past;

    Life(DataSource pool, Expectation past) {
        this.jdbc = new JdbcTemplate(pool);
        this.past = past;
    }

    int number() {
        return past.lives().count() + 1;
    }

    boolean first() {
        return number() == 1;
    }

    boolean filled() {
        return past.lives().filled();
    }

    Expectation past() {
        return past;
    }

    /**
     * Waits until every transaction is over that may have been the last life's. The server ends them when it finds their
     * socket closed; one that is in its COMMIT still gets through. What the journal calls unknown is decided after that.
     */
    void awaitEndOfLast() {
        OffsetDateTime now = jdbc.queryForObject("select clock_timestamp()", OffsetDateTime.class);
        String older = "select count(*) from pg_stat_activity where datname = current_database()"
                + " and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start < ?";
        Waiting.until(
                () -> Objects.requireNonNull(jdbc.queryForObject(older, Long.class, now)) == 0,
                PATIENCE,
                "transactions of the last life are open");
    }

    /** Returns where the repositories are; empty before the library was there. */
    Map<String, Stage> stages() {
        Map<String, Stage> stages = new HashMap<>();
        if (isTrue("select to_regclass('changeover.repository') is not null")) {
            jdbc.query("select name, stage from changeover.repository", row -> {
                stages.put(row.getString(1), Stage.valueOf(row.getString(2)));
            });
        }
        return stages;
    }

    /** Whether only the build with the switch may run: new is written, or was. */
    boolean moved() {
        return stages().values().stream().anyMatch(stage -> stage != Stage.LEGACY_ONLY);
    }

    /** Whether new leads now or led before; the repositories change sides together. */
    boolean newHasLed() {
        return moved()
                && isTrue(
                        "select exists (select from changeover.history where action = 'MOVE' and after = 'NEW_PRIMARY')");
    }

    Side leading() {
        return stages().values().stream().anyMatch(stage -> stage.authority() == Side.NEW) ? Side.NEW : Side.LEGACY;
    }

    private boolean isTrue(String sql) {
        return Boolean.TRUE.equals(jdbc.queryForObject(sql, Boolean.class));
    }
}
