package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.PostgresDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Somebody who works with the command line, in a database with the control schema and repositories of their own. */
final class Desk {
    private static final AtomicInteger NAMES = new AtomicInteger();

    final PostgresDatabase database;
    final Map<String, String> environment = new HashMap<>();

    @Nullable
    Function<String, @Nullable String> ask;

    /** What one run left. */
    record Run(int exit, String out, String err) {
        JsonNode json() {
            return Json.read(out);
        }

        String all() {
            return out + err;
        }

        /** Everything in one line: what is wrapped where depends on names. */
        String flat() {
            return all().replaceAll("\\s+", " ");
        }

        Run exits(int code) {
            assertThat(exit).as(all()).isEqualTo(code);
            return this;
        }
    }

    Desk(PostgresDatabase database) {
        this.database = database;
        environment.put("CHANGEOVER_URL", database.jdbcUrl());
    }

    static Desk withSchema(PostgresDatabase database) {
        try (Connection connection = database.connection()) {
            ControlSchema.apply(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Desk(database);
    }

    Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Surroundings around = new Surroundings(new PrintWriter(out), new PrintWriter(err), environment, "ann", ask);
        int exit = Program.of(around).execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    Run json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "json"));
        return run(all.toArray(String[]::new));
    }

    /** Makes a repository known, as an instance of the application does. */
    String repository(String stage) {
        String name = "accounts" + NAMES.incrementAndGet();
        database.queryString("SELECT changeover.register('" + name + "', '{}', false, false, '{}', '{}')");
        database.execute("UPDATE changeover.repository SET stage = '" + stage + "' WHERE name = '" + name + "'");
        return name;
    }

    /** An instance is alive and has seen the present stage. */
    void alive(String repository) {
        database.queryStrings("SELECT changeover.heartbeat('instance of " + repository + "', 'shop', 600000,"
                + " ARRAY[r.number], ARRAY[r.epoch], ARRAY[p.revision])::text FROM changeover.repository r"
                + " JOIN changeover.percentage p ON p.repository = r.number WHERE r.name = '" + repository + "'");
    }

    /** Ends all instances. */
    void nobodyIsAlive() {
        database.execute("DELETE FROM changeover.acknowledgement; DELETE FROM changeover.instance");
    }

    @Nullable
    String stage(String repository) {
        return database.queryString("SELECT stage FROM changeover.repository WHERE name = '" + repository + "'");
    }

    void mark(String repository, String key) {
        database.execute("INSERT INTO changeover.mark (repository, key, side, reason) SELECT number, '" + key
                + "', 'NEW', 'FAILED' FROM changeover.repository WHERE name = '" + repository + "'");
    }

    long requests(String repository) {
        return database.queryLong("SELECT count(*) FROM changeover.request WHERE repository = '" + repository + "'");
    }
}
