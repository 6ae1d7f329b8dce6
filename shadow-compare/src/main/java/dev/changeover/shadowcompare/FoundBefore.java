package dev.changeover.shadowcompare;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The keys that an earlier verification of a repository has kept. */
final class FoundBefore {

    private static final String KEYS = """
            SELECT k.key FROM changeover.verification_key k
              JOIN changeover.verification v ON v.id = k.verification AND v.repository = ?
             WHERE k.verification = ? AND k.key > ? ORDER BY k.key LIMIT ?""";

    private FoundBefore() {}

    /** Returns the keys behind one, in the order of their texts. */
    static <K> List<K> keys(
            Connection connection, ComparedRepository<K, ?> repository, long verification, String after, int most)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KEYS)) {
            statement.setString(1, repository.name());
            statement.setLong(2, verification);
            statement.setString(3, after);
            statement.setInt(4, most);
            List<K> keys = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.add(repository.keyType().decode(rows.getString(1)));
                }
            }
            return keys;
        }
    }
}
