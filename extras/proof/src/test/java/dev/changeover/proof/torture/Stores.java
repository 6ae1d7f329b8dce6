package dev.changeover.proof.torture;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTable;

/** The states of both entities on both sides. */
final class Stores {

    private Stores() {}

    static EntityStore<Long, Owner> owners(String schema, String table, String name, String children, String number) {
        String parent = schema.equals("old") ? "owner_id" : "person";
        return JdbcStore.table(schema, table, KeyType.LONG, "id")
                .columns(name, "version")
                .children(
                        schema,
                        children,
                        c -> c.parent(parent)
                                .key(parent, "place")
                                .columns(number)
                                .orderedBy("place"))
                .entity(
                        Owner::id,
                        row -> new Owner(
                                row.longValue("id"),
                                row.text(name),
                                row.longValue("version"),
                                row.children(children, child -> child.text(number))),
                        (owner, row) -> {
                            row.set(name, owner.name()).set("version", owner.version());
                            for (int i = 0; i < owner.phones().size(); i++) {
                                row.child(children)
                                        .set("place", i)
                                        .set(number, owner.phones().get(i));
                            }
                        });
    }

    /** With its projection, where the server copies live writes by itself. */
    static EntityStore<Long, Account> accounts(
            String schema, String table, String owner, String name, String balance, boolean folded) {
        JdbcTable<Long> described =
                JdbcStore.table(schema, table, KeyType.LONG, "id").columns(owner, name, balance);
        JdbcTable<Long> projected = !folded
                ? described
                : described.projection(p -> p.yields("id", "r.id")
                        .yields("owner", "r." + owner)
                        .yields("name", "r." + name)
                        .yields("balance", "r." + balance)
                        .takes(owner, "s.owner")
                        .takes(name, "s.name")
                        .takes(balance, "s.balance"));
        return projected.entity(
                Account::id,
                row -> new Account(row.longValue("id"), row.longOrNull(owner), row.text(name), row.longValue(balance)),
                (account, row) -> row.set(owner, account.owner())
                        .set(name, account.name())
                        .set(balance, account.balance()));
    }
}
