package dev.changeover.benchmarks.database;

import dev.changeover.core.EntityStore;
import dev.changeover.core.FollowerMode;
import dev.changeover.core.KeyType;
import dev.changeover.legacyadapter.JdbcStore;
import java.util.List;

/**
 * How a contender of Changeover follows.
 *
 * @param key the name of its repository and its schemas
 * @param title its name in tables
 * @param mode the mode of its writes
 * @param stores makes the store of a table
 */
record Follower(String key, String title, FollowerMode mode, Stores stores) {

    /** Both sides through {@link JdbcStore}. */
    static final Follower STATE =
            new Follower("state", "Changeover, DUAL_WRITE, STATE, JDBC stores", FollowerMode.STATE, Follower::jdbc);

    /** As {@link #STATE}, and the new side's own method is rehearsed first. */
    static final Follower REHEARSE = new Follower(
            "rehearse", "Changeover, DUAL_WRITE, REHEARSE, JDBC stores", FollowerMode.REHEARSE, Follower::jdbc);

    static final List<Follower> ALL = List.of(STATE, REHEARSE);

    /** Makes a store of a table. */
    interface Stores {
        EntityStore<Long, Account> of(Schemas.Table table);
    }

    private static EntityStore<Long, Account> jdbc(Schemas.Table table) {
        String name = table.nameColumn();
        return JdbcStore.table(table.schema(), "account", KeyType.LONG, "id")
                .columns(name, "balance", "state")
                .entity(
                        Account::id,
                        row -> new Account(
                                row.longValue("id"), row.text(name), row.longValue("balance"), row.text("state")),
                        (account, row) -> {
                            row.set(name, account.name());
                            row.set("balance", account.balance());
                            row.set("state", account.state());
                        });
    }
}
