package dev.changeover.benchmarks.database;

import dev.changeover.core.Changeover;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.testkit.PostgresDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A repository under sentinels in DUAL_WRITE, and the same tables without any: so many roots, and as many children of
 * the first root.
 */
final class Baskets implements AutoCloseable {

    static final String WATCHED = "baskets_old";
    static final String PLAIN = "baskets_plain";

    /** The root that has the children. */
    static final String PARENT = "1";

    private static final String NAME = "baskets";
    private static final String FRESH = "baskets_new";

    private final Changeover changeover;

    private Baskets(Changeover changeover) {
        this.changeover = changeover;
    }

    static Baskets open(Stand stand) {
        for (String schema : List.of(WATCHED, PLAIN, FRESH)) {
            create(stand.database(), schema, stand.rows());
        }
        JdbcTransactions transactions = JdbcTransactions.on(stand.pool(1));
        Changeover changeover = Changeover.builder()
                .dataSource(stand.background())
                .transactions(transactions)
                .start();
        // what is measured is rolled back, so there is never anything to drain
        changeover.drain().pause();
        // all writes go round the library, so the port has no use
        Runnable nothing = () -> {};
        changeover
                .repository(NAME, Runnable.class)
                .entity(Basket.class, KeyType.LONG, Basket::id)
                .legacy(nothing, store(WATCHED))
                .next(nothing, store(FRESH))
                .dual();
        changeover.sentinels().install(NAME, Strangers.REFUSE, "benchmark", "benchmark");
        changeover.stages().move(NAME, Stage.DUAL_WRITE, "benchmark", "benchmark");
        return new Baskets(changeover);
    }

    private static void create(PostgresDatabase database, String schema, long rows) {
        database.execute("""
                CREATE SCHEMA %1$s;
                CREATE TABLE %1$s.basket (id bigint PRIMARY KEY, value bigint NOT NULL);
                CREATE TABLE %1$s.item (
                    id bigint PRIMARY KEY, root bigint NOT NULL REFERENCES %1$s.basket, value bigint NOT NULL);
                CREATE INDEX ON %1$s.item (root);
                INSERT INTO %1$s.basket SELECT i, i FROM generate_series(1, %2$d) i;
                INSERT INTO %1$s.item SELECT i, %3$s, i FROM generate_series(1, %2$d) i;
                ANALYZE %1$s.basket;
                ANALYZE %1$s.item;
                """.formatted(schema, rows, PARENT));
    }

    private static EntityStore<Long, Basket> store(String schema) {
        return JdbcStore.table(schema, "basket", KeyType.LONG, "id")
                .columns("value")
                .children(
                        schema, "item", items -> items.parent("root").key("id").columns("value"))
                .entity(
                        Basket::id,
                        row -> {
                            Map<Long, Long> items = new LinkedHashMap<>();
                            row.children("item", item -> Map.entry(item.longValue("id"), item.longValue("value")))
                                    .forEach(item -> items.put(item.getKey(), item.getValue()));
                            return new Basket(row.longValue("id"), row.longValue("value"), items);
                        },
                        (basket, row) -> {
                            row.set("value", basket.value());
                            basket.items()
                                    .forEach((id, value) ->
                                            row.child("item").set("id", id).set("value", value));
                        });
    }

    int number() {
        return changeover.stages().of(NAME).number();
    }

    @Override
    public void close() {
        changeover.close();
    }
}
