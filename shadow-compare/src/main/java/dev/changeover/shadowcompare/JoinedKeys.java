package dev.changeover.shadowcompare;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the server join a range of both projections. Suspect is what differs by a single bit, what only one side has, what
 * is marked, and the last key of each range, so that a projection that says less than the mapping is found out.
 */
final class JoinedKeys<K> implements Parts<K> {

    static final int MOST = 50_000;

    private final ComparedRepository<K, ?> repository;
    private final VerificationScope<K> scope;
    private final ProjectedSides sides;

    JoinedKeys(ComparedRepository<K, ?> repository, VerificationScope<K> scope, ProjectedSides sides) {
        this.repository = repository;
        this.scope = scope;
        this.sides = sides;
    }

    @Override
    public Part<K> next(Connection connection, Control control, @Nullable K after, int size) throws SQLException {
        KeySpan rest = new KeySpan(text(after), text(scope.to()));
        String last = end(connection, rest, size);
        Suspects found = suspects(connection, control, last == null ? rest : new KeySpan(rest.after(), last), last);
        return new Part<>(
                last == null ? null : repository.keyType().decode(last), found.clean(), decoded(found.keys()));
    }

    @Override
    public int most() {
        return MOST;
    }

    /**
     * What a join found.
     *
     * @param clean how many rows are no suspects
     * @param keys the suspects
     */
    record Suspects(long clean, List<String> keys) {}

    /** Returns the key that ends the shorter of two full pages of the span, or null if neither page is full. */
    @Nullable
    String end(Connection connection, KeySpan span, int size) throws SQLException {
        String sql = "SELECT LEAST(" + nth(sides.legacy(), span) + ", " + nth(sides.next(), span) + ")::text";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int next = 1;
            for (int side = 0; side < 2; side++) {
                next = span.bind(statement, next);
                statement.setLong(next++, size - 1L);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private String nth(String select, KeySpan span) {
        return "(SELECT " + sides.key("s") + " FROM " + select + " AS s WHERE " + span.condition(sides, "s")
                + " ORDER BY " + sides.key("s") + " OFFSET ?::bigint LIMIT 1)" + sides.collation();
    }

    /** Joins a span; {@code also} is suspect in any case. */
    Suspects suspects(Connection connection, Control control, KeySpan span, @Nullable String also) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(join(control, span, also != null))) {
            int next = 1;
            if (also != null) {
                statement.setString(next++, also);
            }
            next = span.bind(statement, next);
            span.bind(statement, next);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Array keys = row.getArray(2);
                List<String> suspects = keys == null ? List.of() : Arrays.asList((String[]) keys.getArray());
                return new Suspects(row.getLong(1) - suspects.size(), suspects);
            }
        }
    }

    private String join(Control control, KeySpan span, boolean also) {
        String key = "coalesce(" + sides.key("l") + ", " + sides.key("n") + ")";
        List<String> suspect = new ArrayList<>(List.of(sides.key("l") + " IS NULL", sides.key("n") + " IS NULL"));
        if (also) {
            suspect.add(key + " = " + sides.parameter());
        }
        sides.columns().stream().filter(each -> !each.byImage()).forEach(each -> suspect.add(each.differs()));
        List<String> images = sides.columns().stream()
                .filter(ProjectedColumn::byImage)
                .map(ProjectedColumn::name)
                .toList();
        if (!images.isEmpty()) {
            suspect.add("record_image_ne(" + image("l", images) + ", " + image("n", images) + ")");
        }
        if (control.anyMarks()) {
            suspect.add("EXISTS (SELECT FROM changeover.mark AS m WHERE m.repository = " + control.number()
                    + " AND m.key = " + key + "::text)");
        }
        return "SELECT count(*), array_agg(" + key + "::text) FILTER (WHERE " + String.join(" OR ", suspect)
                + ") FROM " + rows(sides.legacy(), span) + " AS l FULL JOIN " + rows(sides.next(), span) + " AS n ON "
                + sides.key("l") + " = " + sides.key("n");
    }

    private static String image(String alias, List<String> columns) {
        return "ROW("
                + String.join(
                        ", ", columns.stream().map(each -> alias + "." + each).toList()) + ")";
    }

    private String rows(String select, KeySpan span) {
        return "(SELECT s.* FROM " + select + " AS s WHERE " + span.condition(sides, "s") + ")";
    }

    List<K> decoded(List<String> keys) {
        return keys.stream()
                .map(repository.keyType()::decode)
                .sorted(repository.keyType().order())
                .toList();
    }

    @Nullable
    String text(@Nullable K key) {
        return key == null ? null : repository.keyType().encode(key);
    }
}
