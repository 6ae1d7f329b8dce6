package dev.changeover.proof.torture;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The port of the accounts. */
interface Accounts {

    Optional<Account> find(long id);

    Optional<Account> lock(long id);

    Account save(Account account);

    int add(long id, long amount);

    void delete(long id);

    /** One statement for all of them. */
    List<Account> saveAll(List<Account> accounts);

    /** Changes the accounts from one key to another, in steps, and says nothing of those that are there. */
    int raiseAll(long from, long to, long step, long amount);

    /** Changes a second account besides the one that it is about. */
    int addBoth(long id, long other, long amount);

    int addAll(Collection<Long> ids, long amount);

    void deleteAll(Collection<Long> ids);

    /** Gives an account another key, which must be free. */
    int rekey(long from, long to);
}
