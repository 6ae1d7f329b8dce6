package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import dev.changeover.core.SqlProjection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Both sides as SQL in the same columns, and how their keys are ordered and their values compared there.
 *
 * @param legacy a SELECT of legacy's rows
 * @param next a SELECT of new's rows
 * @param keyType the SQL type of the key
 * @param keyColumn the quoted column of the key
 * @param collation what follows a key so that both sides order it alike
 * @param columns the other columns
 */
record ProjectedSides(
        String legacy, String next, String keyType, String keyColumn, String collation, List<ProjectedColumn> columns) {

    private static final String C = " COLLATE \"C\"";

    /** Tells whether both sides have projections onto the same columns. */
    static boolean possible(ComparedRepository<?, ?> repository) {
        return names(repository) != null;
    }

    private static @Nullable List<String> names(ComparedRepository<?, ?> repository) {
        Optional<SqlProjection> legacy = repository.store(Side.LEGACY).projection();
        Optional<SqlProjection> next = repository.store(Side.NEW).projection();
        return legacy.isPresent()
                        && next.isPresent()
                        && legacy.get().columns().equals(next.get().columns())
                ? legacy.get().columns()
                : null;
    }

    /**
     * Asks the server for the types of the columns.
     *
     * @param ownCollation whether text keys may be ordered as the tables order them, so that their indexes serve; else
     *     they are ordered as {@link dev.changeover.core.KeyType} says
     */
    static ProjectedSides read(ComparedRepository<?, ?> repository, Connection connection, boolean ownCollation)
            throws SQLException {
        List<String> names = Objects.requireNonNull(names(repository));
        String legacy = select(repository, Side.LEGACY);
        String next = select(repository, Side.NEW);
        List<String> ofLegacy = types(connection, legacy, names);
        List<String> ofNext = types(connection, next, names);
        List<ProjectedColumn> columns = new ArrayList<>();
        for (int i = 1; i < names.size(); i++) {
            columns.add(new ProjectedColumn(quote(names.get(i)), ofLegacy.get(i), ofNext.get(i)));
        }
        String keyType = repository.keyType().sqlType();
        String key = quote(names.get(0));
        boolean own = !keyType.equals("text") || (ownCollation && sameCollation(connection, legacy, next, key));
        return new ProjectedSides(legacy, next, keyType, key, own ? "" : C, columns);
    }

    static String select(ComparedRepository<?, ?> repository, Side side) {
        return "(" + repository.store(side).projection().orElseThrow().select() + ")";
    }

    private static List<String> types(Connection connection, String select, List<String> names) throws SQLException {
        List<String> types = names.stream()
                .map(name -> "pg_typeof(s." + quote(name) + ")::text")
                .toList();
        return row(connection, select, String.join(", ", types), names.size());
    }

    /** Of a collation that finds different texts equal, no index is of use. */
    private static boolean sameCollation(Connection connection, String legacy, String next, String key)
            throws SQLException {
        String expression = "pg_collation_for(s." + key + ")";
        String one = row(connection, legacy, expression, 1).get(0);
        String other = row(connection, next, expression, 1).get(0);
        if (one == null || !one.equals(other)) {
            return false;
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT collisdeterministic FROM pg_catalog.pg_collation" + " WHERE oid = ?::regcollation")) {
            statement.setString(1, one);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** What is said of a column holds for an empty table, too. */
    private static List<String> row(Connection connection, String select, String expressions, int size)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + expressions
                        + " FROM (SELECT 1) AS one LEFT JOIN (SELECT * FROM " + select
                        + " AS x LIMIT 0) AS s ON true")) {
            row.next();
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= size; i++) {
                values.add(row.getString(i));
            }
            return values;
        }
    }

    /** Returns the key of a row, as it is ordered and compared. */
    String key(String alias) {
        return alias + "." + keyColumn + collation;
    }

    String parameter() {
        return "?::" + keyType;
    }

    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
