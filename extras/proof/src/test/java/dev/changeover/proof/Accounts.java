package dev.changeover.proof;

import java.util.List;
import java.util.Optional;

/** The port of the proofs. */
interface Accounts {

    Optional<Account> find(long id);

    Optional<Account> lock(long id);

    Optional<Account> byName(String name);

    List<Account> all();

    long count();

    Account save(Account account);

    int add(long id, long amount);

    void delete(long id);
}
