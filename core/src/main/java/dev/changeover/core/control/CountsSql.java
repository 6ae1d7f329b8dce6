package dev.changeover.core.control;

import dev.changeover.core.internal.Json;
import dev.changeover.core.measure.CallCount;
import dev.changeover.core.measure.ComparisonCount;
import dev.changeover.core.measure.Counts;
import dev.changeover.core.measure.Judgement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Adds what an instance counted to what all of them did. */
final class CountsSql {

    private CountsSql() {}

    static boolean add(Connection connection, Counts counts) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT changeover.measure(?::jsonb, ?::jsonb)")) {
            statement.setString(
                    1, Json.of(counts.comparisons().stream().map(CountsSql::row).toList()));
            statement.setString(
                    2, Json.of(counts.calls().stream().map(CountsSql::row).toList()));
            return statement.execute();
        }
    }

    private static Map<String, Object> row(ComparisonCount count) {
        Map<String, Object> row = names(count.repository(), count.operation());
        row.put("source", count.source());
        for (Judgement judgement : Judgement.values()) {
            row.put(judgement.name().toLowerCase(Locale.ROOT), count.count(judgement));
        }
        return row;
    }

    private static Map<String, Object> row(CallCount count) {
        Map<String, Object> row = names(count.repository(), count.operation());
        row.put("side", count.side());
        row.put("calls", count.calls());
        row.put("failures", count.failures());
        row.put("nanos", count.nanos());
        row.put("buckets", Arrays.stream(count.latencies().buckets()).boxed().toList());
        if (count.followed().calls() > 0) {
            row.put(
                    "followed",
                    Arrays.stream(count.followed().buckets()).boxed().toList());
        }
        return row;
    }

    private static Map<String, Object> names(String repository, String operation) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("repository", repository);
        row.put("operation", operation);
        return row;
    }
}
