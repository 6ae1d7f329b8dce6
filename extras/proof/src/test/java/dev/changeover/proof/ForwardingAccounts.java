package dev.changeover.proof;

import java.util.List;
import java.util.Optional;

/** The base of ports that misbehave. */
abstract class ForwardingAccounts implements Accounts {

    private final Accounts accounts;

    ForwardingAccounts(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public Optional<Account> find(long id) {
        return accounts.find(id);
    }

    @Override
    public Optional<Account> lock(long id) {
        return accounts.lock(id);
    }

    @Override
    public Optional<Account> byName(String name) {
        return accounts.byName(name);
    }

    @Override
    public List<Account> all() {
        return accounts.all();
    }

    @Override
    public long count() {
        return accounts.count();
    }

    @Override
    public Account save(Account account) {
        return accounts.save(account);
    }

    @Override
    public int add(long id, long amount) {
        return accounts.add(id, amount);
    }

    @Override
    public void delete(long id) {
        accounts.delete(id);
    }
}
