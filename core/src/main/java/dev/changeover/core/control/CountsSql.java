package dev.changeover.core.control;

import dev.changeover.core.measure.CallCount;
import dev.changeover.core.measure.ComparisonCount;
import dev.changeover.core.measure.Counts;
import dev.changeover.core.measure.Judgement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Adds what an instance counted to what all of them did. */
final class CountsSql {

    private CountsSql() {}

    static boolean add(Connection connection, Counts counts) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT changeover.measure(?::jsonb, ?::jsonb)")) {
            statement.setString(1, rows(counts.comparisons(), CountsSql::row));
            statement.setString(2, rows(counts.calls(), CountsSql::row));
            return statement.execute();
        }
    }

    private static <T> String rows(List<T> counts, Function<T, String> row) {
        return counts.stream().map(row).collect(Collectors.joining(",", "[", "]"));
    }

    private static String row(ComparisonCount count) {
        return "{" + names(count.repository(), count.operation()) + ",\"source\":\"" + count.source() + "\","
                + Arrays.stream(Judgement.values())
                        .map(each -> "\"" + each.name().toLowerCase(Locale.ROOT) + "\":" + count.count(each))
                        .collect(Collectors.joining(","))
                + "}";
    }

    private static String row(CallCount count) {
        return "{" + names(count.repository(), count.operation()) + ",\"side\":\"" + count.side() + "\",\"calls\":"
                + count.calls() + ",\"failures\":" + count.failures() + ",\"nanos\":" + count.nanos()
                + ",\"buckets\":" + Arrays.toString(count.latencies().buckets()) + "}";
    }

    private static String names(String repository, String operation) {
        return "\"repository\":" + JsonText.quoted(repository) + ",\"operation\":" + JsonText.quoted(operation);
    }
}
