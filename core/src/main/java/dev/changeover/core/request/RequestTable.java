package dev.changeover.core.request;

import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.internal.Json;
import dev.changeover.core.request.RequestArguments.Argument;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The requests in the control schema, as one instance sees them. */
final class RequestTable {

    private static final String TAKE = """
            SELECT t.id, t.repository, t.verb, t.actor, t.reason, t.attempts, a.name, a.kind, a.elements
              FROM changeover.take_request(?, ?, ?, ?, ?) t LEFT JOIN LATERAL changeover.request_arguments(t.arguments) a ON true""";

    private static final String LIMITS = "SET LOCAL statement_timeout = 10000; SET LOCAL lock_timeout = 5000";

    private final DataSource dataSource;
    private final String instance;

    RequestTable(DataSource dataSource, String instance) {
        this.dataSource = dataSource;
        this.instance = instance;
    }

    String instance() {
        return instance;
    }

    /** What an instance can do. */
    record Skills(Set<String> repositories, Set<String> verbs, Set<String> alongside, Set<String> known) {}

    /** Takes the next request that fits. */
    Optional<Request> take(Skills skills) throws SQLException {
        long askedAt = System.nanoTime();
        return call(TAKE, statement -> {
            statement.setString(1, instance);
            setTexts(statement, 2, skills.repositories());
            setTexts(statement, 3, skills.verbs());
            setTexts(statement, 4, skills.alongside());
            setTexts(statement, 5, skills.known());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(request(rows, askedAt)) : Optional.empty();
            }
        });
    }

    private static void setTexts(PreparedStatement statement, int index, Collection<String> texts) throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf("text", texts.toArray()));
    }

    private static Request request(ResultSet rows, long askedAt) throws SQLException {
        Request.Taken taken = new Request.Taken(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getInt(6));
        Map<String, Argument> arguments = new HashMap<>();
        do {
            String name = rows.getString(7);
            if (name != null) {
                arguments.put(name, argument(rows));
            }
        } while (rows.next());
        return new Request(taken, new RequestArguments(taken.verb(), arguments), askedAt);
    }

    private static Argument argument(ResultSet rows) throws SQLException {
        String[] elements = (String[]) rows.getArray(9).getArray();
        return new Argument(rows.getString(8), java.util.Arrays.asList(elements));
    }

    /** Says that it goes on, and tells the request what the table says of it. */
    void goesOn(Request request) throws SQLException {
        long askedAt = System.nanoTime();
        String answer = call("SELECT changeover.request_goes_on(?, ?, ?, ?::jsonb)", statement -> {
            bind(statement, request);
            statement.setString(4, json(request.progress()));
            return single(statement);
        });
        switch (answer) {
            case "GOES_ON" -> request.confirmed(askedAt);
            case "CANCELLED" -> request.cancel();
            default -> request.drop();
        }
    }

    /** Says what came of it, unless another has it by now. */
    void end(Request request, RequestResult result) throws SQLException {
        call("SELECT changeover.end_request(?, ?, ?, ?, ?::jsonb, ?::jsonb, ?)", statement -> {
            bind(statement, request);
            statement.setString(4, result.state().name());
            statement.setString(5, json(request.progress()));
            statement.setString(6, Json.of(result.values()));
            statement.setString(7, result.error());
            return single(statement);
        });
    }

    /** Cancels a request and returns the state in which it was, if there is such a one of this repository. */
    Optional<String> cancel(long id, String repository) throws SQLException {
        return call("SELECT changeover.cancel_request(?, ?)", statement -> {
            statement.setLong(1, id);
            statement.setString(2, repository);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return Optional.ofNullable(rows.getString(1));
            }
        });
    }

    private void bind(PreparedStatement statement, Request request) throws SQLException {
        statement.setLong(1, request.id());
        statement.setString(2, instance);
        statement.setInt(3, request.attempt());
    }

    private static @Nullable String json(@Nullable Map<String, Object> value) {
        return value == null ? null : Json.of(value);
    }

    private static String single(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    /** Uses a statement. */
    @FunctionalInterface
    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T call(String sql, Use<T> use) throws SQLException {
        return SqlTransaction.readCommitted(dataSource, connection -> {
            limit(connection);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return use.of(statement);
            }
        });
    }

    private static void limit(Connection connection) throws SQLException {
        try (var limits = connection.createStatement()) {
            limits.execute(LIMITS);
        }
    }
}
