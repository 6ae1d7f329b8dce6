package dev.changeover.core.internal;

import dev.changeover.core.SqlProjection;
import dev.changeover.core.control.DeferredConstraints;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives new the rows that it lacks, of keys that are locked: through the application, or by the server itself where both
 * sides have projections onto the same columns. What is there stays as it is.
 */
final class MissingRows<K, V> {

    private final Sides<?, K, V> sides;
    private final List<String> absorb;
    private final List<String> constraints;

    private MissingRows(Sides<?, K, V> sides, List<String> absorb, List<String> constraints) {
        this.sides = sides;
        this.absorb = absorb;
        this.constraints = constraints;
    }

    /** Looks up once what is the same for every chunk. */
    static <K, V> MissingRows<K, V> of(Sides<?, K, V> sides, Connection connection) throws SQLException {
        return new MissingRows<>(
                sides,
                absorb(sides.legacyStore().projection(), sides.nextStore().projection()),
                DeferredConstraints.of(connection, sides.nextStore().tables()));
    }

    private static List<String> absorb(Optional<SqlProjection> legacy, Optional<SqlProjection> next) {
        return legacy.isPresent()
                        && next.isPresent()
                        && legacy.get().columns().equals(next.get().columns())
                ? next.get().absorbMissing("(" + legacy.get().select() + ")")
                : List.of();
    }

    void insert(Connection connection, CopyTransaction copy, List<String> locked) throws SQLException {
        if (absorb.isEmpty()) {
            List<K> keys = locked.stream().map(sides.keyType()::decode).toList();
            sides.nextStore()
                    .insertMissing(
                            connection,
                            sides.legacyStore().find(connection, keys).values());
        } else {
            absorb(connection, locked);
        }
        copy.checkConstraints(constraints);
    }

    /** The children of those roots alone that the first statement wrote. */
    private void absorb(Connection connection, List<String> locked) throws SQLException {
        List<String> written = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(absorb.get(0))) {
            statement.setArray(1, connection.createArrayOf("text", locked.toArray()));
            try (ResultSet keys = statement.executeQuery()) {
                while (keys.next()) {
                    written.add(keys.getString(1));
                }
            }
        }
        for (String children : absorb.subList(1, absorb.size())) {
            try (PreparedStatement statement = connection.prepareStatement(children)) {
                statement.setArray(1, connection.createArrayOf("text", written.toArray()));
                statement.execute();
            }
        }
    }
}
