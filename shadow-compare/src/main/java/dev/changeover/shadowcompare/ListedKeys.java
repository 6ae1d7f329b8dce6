package dev.changeover.shadowcompare;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Has the keys judged that somebody names, or those that an earlier verification found. */
final class ListedKeys<K> implements Parts<K> {

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
        List<K> keys = run == null
                ? page(after, size)
                : FoundBefore.keys(
                        connection,
                        repository,
                        run,
                        after == null ? "" : repository.keyType().encode(after),
                        size);
        return new Part<>(keys.size() < size ? null : keys.get(size - 1), 0, keys);
    }

    private List<K> page(@Nullable K after, int size) {
        return (after == null ? named : named.tailSet(after, false))
                .stream().limit(size).toList();
    }

    @Override
    public int most() {
        return 1_000;
    }
}
