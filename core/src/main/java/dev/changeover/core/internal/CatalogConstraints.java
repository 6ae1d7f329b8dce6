package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** Finds initially deferred constraints in the catalog, once for each list of tables. */
final class CatalogConstraints implements DeferredConstraints {

    private static final String SQL = """
            SELECT format('%I.%I', n.nspname, c.conname)
              FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
             WHERE c.condeferred AND c.conrelid = ANY (SELECT to_regclass(t) FROM unnest(?) t) ORDER BY 1""";

    private final DataSource dataSource;
    private final Map<List<String>, List<String>> known = new ConcurrentHashMap<>();

    CatalogConstraints(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<String> of(List<String> tables) {
        return known.computeIfAbsent(List.copyOf(tables), this::read);
    }

    private List<String> read(List<String> tables) {
        try {
            return SqlTransaction.readCommitted(dataSource, connection -> read(connection, tables));
        } catch (SQLException e) {
            throw new ChangeoverException("The constraints of " + tables + " could not be read", e);
        }
    }

    private static List<String> read(Connection connection, List<String> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        }
    }
}
