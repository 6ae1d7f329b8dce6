package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.KeyType;
import dev.changeover.core.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The next keys of both sides together. It ends where the shorter of two full pages ends, so that no key of either side
 * falls between two ranges, and it is open at both ends of the key space.
 *
 * @param keys the keys in the order of the server
 * @param last the last key of the range, or null if nothing is behind it
 */
record KeyRange<K>(List<K> keys, @Nullable K last) {

    static <K> KeyRange<K> after(
            ComparedRepository<K, ?> repository, Connection connection, @Nullable K after, int size)
            throws SQLException {
        List<K> legacy = page(repository, Side.LEGACY, connection, after, size);
        List<K> next = page(repository, Side.NEW, connection, after, size);
        Comparator<K> order = repository.keyType().order();
        K last = earlier(order, end(legacy, size), end(next, size));
        TreeSet<K> all = new TreeSet<>(order);
        all.addAll(legacy);
        all.addAll(next);
        return new KeyRange<>(new ArrayList<>(last == null ? all : all.headSet(last, true)), last);
    }

    /** A page in another order than ours would make the merge skip keys without a word. */
    private static <K> List<K> page(
            ComparedRepository<K, ?> repository, Side side, Connection connection, @Nullable K after, int size)
            throws SQLException {
        List<K> keys = repository.store(side).keysAfter(connection, after, size);
        KeyType<K> type = repository.keyType();
        K before = after;
        for (K key : keys) {
            if (before != null && type.order().compare(before, key) >= 0) {
                throw new ChangeoverException(repository.name() + ": the store of " + side + " returns key "
                        + type.encode(key) + " after " + type.encode(before)
                        + ", which is not the order of KeyType. Sort text keys with COLLATE \"C\"");
            }
            before = key;
        }
        return keys;
    }

    private static <K> @Nullable K end(List<K> page, int size) {
        return page.size() < size ? null : page.get(page.size() - 1);
    }

    private static <K> @Nullable K earlier(Comparator<K> order, @Nullable K a, @Nullable K b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return order.compare(a, b) <= 0 ? a : b;
    }
}
