package dev.changeover.benchmarks.database;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTable;
import dev.changeover.newadapter.JooqStore;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;

/** The state of accounts by key, in the ways in which the adapters can say it. */
final class AccountStores {

    private static final String TABLE = "account";

    private AccountStores() {}

    static EntityStore<Long, Account> jdbc(Schemas.Table table) {
        return entity(columns(table), table.nameColumn());
    }

    static EntityStore<Long, Account> projected(Schemas.Table table) {
        String name = table.nameColumn();
        return entity(
                columns(table)
                        .projection(p -> p.yields("id", "r.id")
                                .yields("name", "r." + name)
                                .yields("balance", "r.balance")
                                .yields("state", "r.state")
                                .takes(name, "s.name")
                                .takes("balance", "s.balance")
                                .takes("state", "s.state")),
                name);
    }

    private static JdbcTable<Long> columns(Schemas.Table table) {
        return JdbcStore.table(table.schema(), TABLE, KeyType.LONG, "id")
                .columns(table.nameColumn(), "balance", "state");
    }

    private static EntityStore<Long, Account> entity(JdbcTable<Long> table, String name) {
        return table.entity(
                Account::id,
                row -> new Account(row.longValue("id"), row.text(name), row.longValue("balance"), row.text("state")),
                (account, row) -> {
                    row.set(name, account.name());
                    row.set("balance", account.balance());
                    row.set("state", account.state());
                });
    }

    static EntityStore<Long, Account> jooq(Schemas.Table table) {
        Field<Long> id = field(name(table.schema(), TABLE, "id"), SQLDataType.BIGINT);
        Field<String> label = field(name(table.schema(), TABLE, table.nameColumn()), SQLDataType.CLOB);
        Field<Long> balance = field(name(table.schema(), TABLE, "balance"), SQLDataType.BIGINT);
        Field<String> state = field(name(table.schema(), TABLE, "state"), SQLDataType.CLOB);
        return JooqStore.table(table(name(table.schema(), TABLE)), id, KeyType.LONG)
                .fields(label, balance, state)
                .entity(
                        Account::id,
                        row -> new Account(row.get(id), row.get(label), row.get(balance), row.get(state)),
                        (account, row) -> row.set(label, account.name())
                                .set(balance, account.balance())
                                .set(state, account.state()));
    }
}
