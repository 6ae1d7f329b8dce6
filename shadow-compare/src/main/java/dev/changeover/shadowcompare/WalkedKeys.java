package dev.changeover.shadowcompare;

import dev.changeover.core.KeyType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the keys of both stores and has each of them judged. */
record WalkedKeys<K>(ComparedRepository<K, ?> repository, VerificationScope<K> scope) implements Parts<K> {

    private static final long SALT = 0x9e3779b97f4a7c15L;
    private static final int FINEST = 1_000_000;

    @Override
    public Part<K> next(Connection connection, Control control, @Nullable K after, int size) throws SQLException {
        KeyRange<K> range = KeyRange.after(repository, connection, after, size);
        K to = scope.to();
        List<K> keys = range.keys().stream().filter(key -> within(key, to)).toList();
        K last = range.last();
        return new Part<>(
                last != null && within(last, to) ? last : null,
                0,
                keys.stream().filter(this::chosen).toList());
    }

    private boolean within(K key, @Nullable K to) {
        return to == null || repository.keyType().order().compare(key, to) <= 0;
    }

    /** Another hash than that of the share of reads, which new would otherwise be sampled by. */
    private boolean chosen(K key) {
        Double percent = scope.percent();
        if (percent == null) {
            return true;
        }
        KeyType<K> type = repository.keyType();
        long mixed = KeyType.LONG.hash(type.hash(key) ^ SALT);
        return Math.floorMod(mixed, FINEST) < percent / 100 * FINEST;
    }

    @Override
    public int most() {
        return 5_000;
    }
}
