package dev.changeover.proof.torture;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The accounts of either schema. */
final class SqlAccounts implements Accounts {

    private final Sql sql;
    private final String table;
    private final String balance;
    private final String select;
    private final String upsert;

    SqlAccounts(Sql sql, String table, String owner, String name, String balance) {
        this.sql = sql;
        this.table = table;
        this.balance = balance;
        this.select = "SELECT id, " + owner + ", " + name + ", " + balance + " FROM " + table + " WHERE id = ?";
        this.upsert = "INSERT INTO " + table + " (id, " + owner + ", " + name + ", " + balance + ") "
                + "SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::bigint[])"
                + " ON CONFLICT (id) DO UPDATE SET " + owner + " = excluded." + owner + ", " + name + " = excluded."
                + name + ", " + balance + " = excluded." + balance;
    }

    private Optional<Account> one(String statement, long id) {
        return sql
                .query(
                        row -> new Account(
                                row.getLong(1), row.getObject(2, Long.class), row.getString(3), row.getLong(4)),
                        statement,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Account> find(long id) {
        return one(select, id);
    }

    @Override
    public Optional<Account> lock(long id) {
        return one(select + " FOR UPDATE", id);
    }

    @Override
    public Account save(Account account) {
        saveAll(List.of(account));
        return account;
    }

    @Override
    public int add(long id, long amount) {
        return sql.update("UPDATE " + table + " SET " + balance + " = " + balance + " + ? WHERE id = ?", amount, id);
    }

    @Override
    public void delete(long id) {
        sql.update("DELETE FROM " + table + " WHERE id = ?", id);
    }

    @Override
    public List<Account> saveAll(List<Account> accounts) {
        sql.update(
                upsert,
                accounts.stream().map(Account::id).toList(),
                Arrays.asList(accounts.stream().map(Account::owner).toArray()),
                accounts.stream().map(Account::name).toList(),
                accounts.stream().map(Account::balance).toList());
        return accounts;
    }

    @Override
    public int addAll(Collection<Long> ids, long amount) {
        return sql.update(
                "UPDATE " + table + " SET " + balance + " = " + balance + " + ? WHERE id = ANY (?)", amount, ids);
    }

    @Override
    public int raiseAll(long from, long to, long step, long amount) {
        return sql.update(
                "UPDATE " + table + " SET " + balance + " = " + balance
                        + " + ? WHERE id BETWEEN ? AND ? AND (id - ?) % ? = 0",
                amount,
                from,
                to,
                from,
                step);
    }

    @Override
    public int addBoth(long id, long other, long amount) {
        return addAll(List.of(id, other), amount);
    }

    @Override
    public void deleteAll(Collection<Long> ids) {
        sql.update("DELETE FROM " + table + " WHERE id = ANY (?)", ids);
    }

    @Override
    public int rekey(long from, long to) {
        return sql.update("UPDATE " + table + " SET id = ? WHERE id = ?", to, from);
    }
}
