package dev.changeover.proof;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.RecordComparison;

/** The accounts of both sides as a verification looks at them, in every mode. */
final class CheckedAccounts {

    private CheckedAccounts() {}

    static ComparedRepository<Long, Account> repository() {
        return repository(store("fresh", "label"));
    }

    static ComparedRepository<Long, Account> repository(EntityStore<Long, Account> next) {
        return ComparedRepository.of(Bank.NAME, KeyType.LONG, Account.class, Account::id)
                .legacy(store("old", "name"))
                .next(next)
                .compare(RecordComparison.of(Account.class).build())
                .build();
    }

    static EntityStore<Long, Account> store(String schema, String name) {
        return JdbcStore.table(schema, "account", KeyType.LONG, "id")
                .columns(name, "balance", "state")
                .projection(p -> p.yields("id", "r.id")
                        .yields("name", "r." + name)
                        .yields("balance", "r.balance")
                        .yields("state", "r.state")
                        .takes(name, "s.name")
                        .takes("balance", "s.balance")
                        .takes("state", "s.state"))
                .entity(
                        Account::id,
                        row -> new Account(
                                row.longValue("id"), row.text(name), row.longValue("balance"), row.text("state")),
                        (account, row) -> row.set(name, account.name())
                                .set("balance", account.balance())
                                .set("state", account.state()));
    }
}
