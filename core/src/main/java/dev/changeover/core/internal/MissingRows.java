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
import org.jspecify.annotations.Nullable;

/**
 * Gives new the rows that it lacks, of keys that are locked: through the application, or by the server itself where both
 * sides have projections onto the same columns. What is there stays as it is.
 */
final class MissingRows<K, V> {

    private final Sides<?, K, V> sides;
    private final @Nullable Absorbing absorbing;
    private final List<String> constraints;

    private MissingRows(Sides<?, K, V> sides, @Nullable Absorbing absorbing, List<String> constraints) {
        this.sides = sides;
        this.absorbing = absorbing;
        this.constraints = constraints;
    }

    /** The statements with which the server does it by itself. */
    private record Absorbing(String holdsAny, List<String> fresh, List<String> missing) {}

    /** Looks up once what is the same for every chunk. */
    static <K, V> MissingRows<K, V> of(Sides<?, K, V> sides, Connection connection) throws SQLException {
        return new MissingRows<>(
                sides,
                absorbing(sides.legacyStore().projection(), sides.nextStore().projection()),
                DeferredConstraints.of(connection, sides.nextStore().tables()));
    }

    private static @Nullable Absorbing absorbing(Optional<SqlProjection> legacy, Optional<SqlProjection> next) {
        if (legacy.isEmpty()
                || next.isEmpty()
                || !legacy.get().columns().equals(next.get().columns())) {
            return null;
        }
        String source = "(" + legacy.get().select() + ")";
        return new Absorbing(
                next.get().holdsAny(), next.get().absorbNew(source), next.get().absorbMissing(source));
    }

    void insert(Connection connection, CopyTransaction copy, List<String> locked) throws SQLException {
        if (absorbing == null) {
            List<K> keys = locked.stream().map(sides.keyType()::decode).toList();
            sides.nextStore()
                    .insertMissing(
                            connection,
                            sides.legacyStore().find(connection, keys).values());
        } else {
            absorb(absorbing, connection, locked);
        }
        copy.checkConstraints(constraints);
    }

    /**
     * Mostly new holds none of the keys, and a plain INSERT costs a fifth less than one that looks for conflicts. What a
     * stranger inserts meanwhile fails it; the chunk is then halved, looked at again, and left alone where it is.
     */
    private static void absorb(Absorbing absorbing, Connection connection, List<String> locked) throws SQLException {
        if (!holdsAny(absorbing, connection, locked)) {
            execute(connection, absorbing.fresh(), locked);
        } else {
            List<String> missing = absorbing.missing();
            execute(connection, missing.subList(1, missing.size()), keys(connection, missing.get(0), locked));
        }
    }

    private static boolean holdsAny(Absorbing absorbing, Connection connection, List<String> locked)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(absorbing.holdsAny())) {
            statement.setArray(1, connection.createArrayOf("text", locked.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Returns the keys of those roots that the statement wrote. */
    private static List<String> keys(Connection connection, String insert, List<String> locked) throws SQLException {
        List<String> written = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setArray(1, connection.createArrayOf("text", locked.toArray()));
            try (ResultSet keys = statement.executeQuery()) {
                while (keys.next()) {
                    written.add(keys.getString(1));
                }
            }
        }
        return written;
    }

    private static void execute(Connection connection, List<String> statements, List<String> keys) throws SQLException {
        for (String each : statements) {
            try (PreparedStatement statement = connection.prepareStatement(each)) {
                statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
                statement.execute();
            }
        }
    }
}
