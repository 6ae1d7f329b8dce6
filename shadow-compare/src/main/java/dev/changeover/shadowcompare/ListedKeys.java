package dev.changeover.shadowcompare;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Has the keys judged that somebody names, or those that an earlier verification found. */
final class ListedKeys<K> implements Parts<K> {

    private static final String OF_RUN = """
            SELECT k.key FROM changeover.verification_key k
              JOIN changeover.verification v ON v.id = k.verification AND v.repository = ?
             WHERE k.verification = ? AND k.key > ? ORDER BY k.key LIMIT ?""";

    private final ComparedRepository<K, ?> repository;
    private final TreeSet<K> named;
    private final @Nullable Long run;

    ListedKeys(ComparedRepository<K, ?> repository, VerificationScope<K> scope) {
        this.repository = repository;
        this.named = new TreeSet<>(repository.keyType().order());
        List<K> keys = scope.keys();
        if (keys != null) {
            named.addAll(keys);
        }
        this.run = scope.run();
    }

    @Override
    public Part<K> next(Connection connection, Control control, @Nullable K after, int size) throws SQLException {
        List<K> keys = run == null ? page(after, size) : page(connection, run, after, size);
        return new Part<>(keys.size() < size ? null : keys.get(size - 1), 0, keys);
    }

    private List<K> page(@Nullable K after, int size) {
        return (after == null ? named : named.tailSet(after, false))
                .stream().limit(size).toList();
    }

    private List<K> page(Connection connection, long of, @Nullable K after, int size) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OF_RUN)) {
            statement.setString(1, repository.name());
            statement.setLong(2, of);
            statement.setString(3, after == null ? "" : repository.keyType().encode(after));
            statement.setInt(4, size);
            List<K> keys = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.add(repository.keyType().decode(rows.getString(1)));
                }
            }
            return keys;
        }
    }

    @Override
    public int most() {
        return 1_000;
    }
}
