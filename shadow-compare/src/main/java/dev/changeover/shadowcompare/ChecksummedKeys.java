package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.JoinedKeys.Suspects;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the server compare how many rows a range has on both sides and what they come to. Where that differs the range is
 * halved, and joined once both halves differ or one is small. The hash of a row is finalised before it goes into the sum:
 * that of a record alone is linear in its columns, and values that two rows have exchanged would cancel out.
 */
final class ChecksummedKeys<K> implements Parts<K> {

    private static final int SMALL = 128;

    private final ComparedRepository<K, ?> repository;
    private final VerificationScope<K> scope;
    private final ProjectedSides sides;
    private final JoinedKeys<K> join;

    ChecksummedKeys(ComparedRepository<K, ?> repository, VerificationScope<K> scope, ProjectedSides sides) {
        this.repository = repository;
        this.scope = scope;
        this.sides = sides;
        this.join = new JoinedKeys<>(repository, scope, sides);
    }

    @Override
    public Part<K> next(Connection connection, Control control, @Nullable K after, int size) throws SQLException {
        // whose marks are open has to be known key by key
        if (control.anyMarks()) {
            return join.next(connection, control, after, size);
        }
        KeySpan rest = new KeySpan(join.text(after), join.text(scope.to()));
        String last = join.end(connection, rest, size);
        KeySpan span = last == null ? rest : new KeySpan(rest.after(), last);
        Found found = new Found(connection, control);
        found.look(span, Sums.of(connection, sides, span));
        return last == null
                ? new Part<>(null, found.clean, join.decoded(found.suspects))
                : found.withLast(last, repository.keyType().decode(last));
    }

    @Override
    public int most() {
        return JoinedKeys.MOST;
    }

    /** What was found in one range. */
    private final class Found {
        private final Connection connection;
        private final Control control;
        private final List<String> suspects = new ArrayList<>();
        private long clean;

        Found(Connection connection, Control control) {
            this.connection = connection;
            this.control = control;
        }

        void look(KeySpan span, Sums sums) throws SQLException {
            if (sums.equal()) {
                clean += sums.rows();
                return;
            }
            String middle = sums.rows() <= SMALL
                    ? null
                    : join.end(connection, span, Math.toIntExact(Math.min(sums.rows() / 2, Integer.MAX_VALUE)));
            if (middle == null) {
                join(span);
            } else {
                halves(span, new KeySpan(span.after(), middle), new KeySpan(middle, span.to()));
            }
        }

        private void halves(KeySpan span, KeySpan one, KeySpan other) throws SQLException {
            Sums ofOne = Sums.of(connection, sides, one);
            Sums ofOther = Sums.of(connection, sides, other);
            if (!ofOne.equal() && !ofOther.equal()) {
                join(span);
            } else {
                look(one, ofOne);
                look(other, ofOther);
            }
        }

        private void join(KeySpan span) throws SQLException {
            Suspects joined = join.suspects(connection, control, span, null);
            clean += joined.clean();
            suspects.addAll(joined.keys());
        }

        /** The last key is judged in any case, as a join does. */
        Part<K> withLast(String last, K key) {
            if (!suspects.contains(last)) {
                suspects.add(last);
                clean--;
            }
            return new Part<>(key, clean, join.decoded(suspects));
        }
    }

    /** How many rows each side has in a span, and what their hashes come to. */
    private record Sums(long legacy, long legacySum, long next, long nextSum) {

        static Sums of(Connection connection, ProjectedSides sides, KeySpan span) throws SQLException {
            String sql = "SELECT l.n, l.h, r.n, r.h FROM " + side(sides, span, true) + " AS l, "
                    + side(sides, span, false) + " AS r";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                span.bind(statement, span.bind(statement, 1));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return new Sums(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
                }
            }
        }

        private static String side(ProjectedSides sides, KeySpan span, boolean legacy) {
            List<String> values =
                    new ArrayList<>(List.of("s." + sides.keyColumn() + "::" + sides.keyType() + sides.collation()));
            sides.columns().forEach(each -> values.add(each.hashed(legacy)));
            return "(SELECT count(*) AS n, coalesce(bit_xor(hashint8extended(hash_record_extended(ROW("
                    + String.join(", ", values) + "), 0), 1)), 0) AS h FROM " + (legacy ? sides.legacy() : sides.next())
                    + " AS s WHERE " + span.condition(sides, "s") + ")";
        }

        boolean equal() {
            return legacy == next && legacySum == nextSum;
        }

        long rows() {
            return Math.max(legacy, next);
        }
    }
}
