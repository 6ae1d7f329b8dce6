package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.internal.PlainText;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A row of an answer. Its texts are plain and cut: whoever may write into the schema cannot blow the report up. */
final class Row {
    /** The longest sentence of a person or a gate; queries cut what is longer, so that it is not even sent. */
    static final int SENTENCE = 500;

    private final ResultSet row;

    Row(ResultSet row) {
        this.row = row;
    }

    String text(String column) throws SQLException {
        return Objects.requireNonNullElse(maybe(column), "");
    }

    @Nullable
    String maybe(String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : PlainText.of(text, SENTENCE);
    }

    long number(String column) throws SQLException {
        return row.getLong(column);
    }

    @Nullable
    Long maybeNumber(String column) throws SQLException {
        return row.getObject(column, Long.class);
    }

    boolean flag(String column) throws SQLException {
        return row.getBoolean(column);
    }

    Instant moment(String column) throws SQLException {
        return Objects.requireNonNull(maybeMoment(column), column);
    }

    @Nullable
    Instant maybeMoment(String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }

    List<String> texts(String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null
                ? List.of()
                : Stream.of((Object[]) array.getArray())
                        .map(each -> PlainText.of(String.valueOf(each), SENTENCE))
                        .toList();
    }

    double[] amounts(String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null
                ? new double[0]
                : Stream.of((Object[]) array.getArray())
                        .mapToDouble(each -> each == null ? 0 : ((Number) each).doubleValue())
                        .toArray();
    }

    long[] numbers(String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null
                ? new long[0]
                : Stream.of((Object[]) array.getArray())
                        .mapToLong(each -> each == null ? 0 : ((Number) each).longValue())
                        .toArray();
    }
}
