package dev.changeover.shadowcompare;

import dev.changeover.core.KeyType;
import dev.changeover.core.Side;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The repository {@code items} on both sides of one database, in SHADOW and backfilled. */
final class Items {
    final DataSource pool;
    final ThreadTransactions transactions;
    final ItemStore legacy = new ItemStore("legacy_item");
    final ItemStore next = new ItemStore("new_item");
    private final PostgresDatabase db;

    Items(PostgresDatabase db) {
        this.db = db;
        this.pool = db.pool(8);
        this.transactions = new ThreadTransactions(pool);
        if (db.queryString("SELECT to_regclass('changeover.mark')") == null) {
            db.execute(ControlSchema.ddl());
            for (String table : List.of("legacy_item", "new_item")) {
                db.execute("CREATE TABLE " + table
                        + " (id bigint PRIMARY KEY, name text NOT NULL, note text, at timestamptz NOT NULL)");
            }
            db.execute("SELECT changeover.register('items', '{}', false, false, '{}', '{}')");
        }
        db.execute("TRUNCATE legacy_item, new_item, changeover.mark, changeover.divergence,"
                + " changeover.divergence_shed");
        stage("SHADOW", true);
    }

    void stage(String stage, boolean backfilled) {
        db.execute("UPDATE changeover.repository SET stage = '" + stage + "', backfilled = " + backfilled
                + ", stale = NULL WHERE name = 'items'");
    }

    void both(Item... items) {
        write(legacy, items);
        write(next, items);
    }

    void write(ItemStore store, Item... items) {
        on(connection -> store.upsert(connection, List.of(items)));
    }

    void mark(long key) {
        db.execute("SELECT changeover.mark(number, ARRAY['" + key
                + "'], 'LEGACY', 'TEST') FROM changeover.repository WHERE name = 'items'");
    }

    void on(Work work) {
        try (Connection connection = pool.getConnection()) {
            work.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    interface Work {
        void on(Connection connection) throws SQLException;
    }

    ComparedRepository<Long, Item> repository() {
        return repository(legacy, next);
    }

    ComparedRepository<Long, Item> repository(ItemStore legacyStore, ItemStore newStore) {
        return ComparedRepository.of("items", KeyType.LONG, Item.class, Item::id)
                .legacy(legacyStore)
                .next(newStore)
                .compare(RecordComparison.of(Item.class).build())
                .build();
    }

    ComparedRepository<Long, Item> repository(RecordComparison<Item> rules) {
        return ComparedRepository.of("items", KeyType.LONG, Item.class, Item::id)
                .legacy(legacy)
                .next(next)
                .compare(rules)
                .build();
    }

    /** A read that each side answers with an exception of its own. */
    ObservedRead failing(Exception onLegacy, Exception onNew) {
        return new ObservedRead("items", "find", ReadKind.KEYED, "1", Side.LEGACY, null, onLegacy, 1, 1, side -> {
            throw side == Side.LEGACY ? onLegacy : onNew;
        });
    }

    /** A read by key that legacy served with this result, and that both sides repeat from their tables. */
    ObservedRead find(long key, @Nullable Item served) {
        return read("find", ReadKind.KEYED, key, served, side -> {
            List<Item> found = store(side).query(connection(), "WHERE id = ANY (?)", List.of(key));
            return found.isEmpty() ? null : found.get(0);
        });
    }

    /** A query that legacy served with this result; the sides may be asked in different ways. */
    ObservedRead list(List<Item> served, String onLegacy, String onNew) {
        return read(
                "list",
                ReadKind.QUERY,
                null,
                served,
                side -> store(side).query(connection(), side == Side.LEGACY ? onLegacy : onNew, List.of()));
    }

    ObservedRead read(
            String operation, ReadKind kind, @Nullable Long key, @Nullable Object served, ObservedRead.Again again) {
        String text = key == null ? null : key.toString();
        return new ObservedRead("items", operation, kind, text, Side.LEGACY, served, null, 1_000_000, 1, again);
    }

    Connection connection() throws SQLException {
        return Objects.requireNonNull(transactions.current()).connection();
    }

    private ItemStore store(Side side) {
        return side == Side.LEGACY ? legacy : next;
    }
}
