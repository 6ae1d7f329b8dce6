package dev.changeover.proof.torture;

import dev.changeover.core.Side;
import dev.changeover.core.StageChangedException;
import dev.changeover.core.Strangers;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Count;
import dev.changeover.testkit.History;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * One caller. It owns a stripe of accounts and owners, whose states it therefore knows; and it writes accounts that all
 * callers write. It counts what it was told: acknowledged, rolled back, or nothing because the session died.
 */
final class Writer implements Runnable {

    private static final long LONGEST_CALL_NANOS = 8_000_000_000L;
    private static final String LIMITS = "SET LOCAL lock_timeout = '13s'; SET LOCAL statement_timeout = '17s'";
    private static final String SETTINGS = "SELECT concat_ws(' ', current_setting('lock_timeout'),"
            + " current_setting('statement_timeout'), current_setting('row_security'))";

    private final Round round;
    private final Town town;
    private final Plan plan;
    private final int stripe;
    private final Random random;
    private final Astray astray;
    private History<Row, Object>.Unit unit;
    private Count counting;
    private boolean committing;

    Writer(Round round, Town town, int stripe) {
        this.round = round;
        this.town = town;
        this.plan = round.plan;
        this.stripe = stripe;
        this.random = round.history.random("writer " + stripe);
        this.astray = new Astray();
    }

    @Override
    public void run() {
        while (!round.isOver()) {
            unit = round.history.begin();
            counting = null;
            astray.wrong = false;
            long start = System.nanoTime();
            try {
                work();
                acknowledged();
            } catch (Throwable failure) {
                failed(failure);
            }
            if (!plan.kills() && System.nanoTime() - start > LONGEST_CALL_NANOS) {
                round.errors.add(new AssertionError("a call took " + (System.nanoTime() - start) / 1_000_000 + " ms"));
            }
            if (random.nextInt(4) == 0) {
                readBack();
            }
        }
    }

    private void work() {
        int kind = random.nextInt(100);
        committing = true; // a call outside a unit commits by itself
        if (kind < plan.bulk) {
            bulk();
        } else if (kind < plan.bulk + 15) {
            changeAccount();
        } else if (kind < plan.bulk + 20) {
            changeShared();
        } else {
            committing = false;
            unitOfWork();
        }
    }

    // ---- outcomes

    private void acknowledged() {
        unit.acknowledged();
        if (counting != null) {
            counting.acknowledged(1);
            round.counted.incrementAndGet();
        }
    }

    private void failed(Throwable failure) {
        boolean gone = Failing.isGone(failure);
        if (gone && committing) {
            unit.unknown();
        } else {
            unit.undone();
            if (counting != null) {
                counting.undone(1);
            }
        }
        if (failure instanceof Deliberate || failure instanceof Throwing.Afterwards) {
            return;
        } else if (gone && plan.kills()) {
            round.gone.incrementAndGet();
            Round.pause(random.nextInt(10));
        } else if (failure instanceof StageChangedException) {
            round.stageChanged.incrementAndGet();
        } else if (astray.wrong && Failing.isState(failure, Stranger.REFUSED)) {
            round.turnedAway.incrementAndGet();
        } else if (Failing.isState(failure, "40001")) {
            round.serialization.incrementAndGet();
        } else {
            round.errors.add(failure);
        }
    }

    // ---- units

    private void unitOfWork() {
        int isolation = isolation();
        TransactionSettings settings = new TransactionSettings(
                TransactionSettings.Propagation.REQUIRED,
                isolation == Connection.TRANSACTION_READ_COMMITTED ? null : isolation,
                null,
                false,
                failure -> true);
        boolean limited = random.nextInt(3) == 0;
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            unit.underSnapshot();
        }
        town.inTransaction(settings, () -> {
            if (limited) {
                town.execute(LIMITS);
            }
            if (isolation != Connection.TRANSACTION_READ_COMMITTED && plan.windowMillis > 0) {
                town.query("SELECT count(*) FROM old.owner"); // takes the snapshot
                Round.pause(random.nextInt(plan.windowMillis));
            }
            if (random.nextInt(100) < plan.undone) {
                undone();
            }
            int operations = 1 + random.nextInt(4);
            for (int i = 0; i < operations; i++) {
                operation();
                if (unit.size() > 0 && random.nextInt(100) < plan.astray) {
                    astray.write();
                }
            }
            if (random.nextInt(3) == 0) {
                changeShared();
            }
            if (limited && !town.query(SETTINGS).equals("13s 17s on")) {
                round.wrong.add("settings of the caller: " + town.query(SETTINGS));
            }
            if (random.nextInt(20) == 0) {
                throw new Deliberate();
            }
            committing = true;
            return true;
        });
    }

    private int isolation() {
        if (random.nextInt(100) >= plan.snapshots) {
            return Connection.TRANSACTION_READ_COMMITTED;
        }
        return random.nextInt(3) == 0 ? Connection.TRANSACTION_SERIALIZABLE : Connection.TRANSACTION_REPEATABLE_READ;
    }

    private void operation() throws SQLException {
        switch (random.nextInt(12)) {
            case 11 -> undeclared();
            case 0, 1, 2 -> changeOwner();
            case 3 -> rekey();
            case 4 -> bulk();
            case 5, 6 -> readThenChange();
            default -> changeAccount();
        }
    }

    /** The caller's own savepoint takes the fence lock and the settings with it. */
    private void undone() throws SQLException {
        Connection connection = town.connection();
        Savepoint savepoint = connection.setSavepoint();
        History<Row, Object>.Unit outer = unit;
        unit = round.history.begin();
        try {
            changeAccount();
        } finally {
            unit.undone();
            unit = outer;
        }
        connection.rollback(savepoint);
        round.window(random);
    }

    private void readThenChange() {
        Row row = anyAccount();
        Account found =
                (random.nextBoolean() ? town.accounts.lock(row.id()) : town.accounts.find(row.id())).orElse(null);
        if (!states(row).contains(found)) {
            round.wrong.add("in a unit " + found + " of " + round.history.describe(row));
        }
        if (found != null && knows(row)) {
            save(found.plus(1_000_000));
        }
    }

    // ---- operations

    private void changeAccount() {
        Row row = anyAccount();
        int kind = random.nextInt(100);
        if (kind < plan.adds && knows(row)) {
            add(row);
        } else if (kind >= 80) {
            unit.write(row, null);
            town.accounts.delete(row.id());
        } else {
            save(newAccount(row));
        }
    }

    private void add(Row row) {
        long amount = Row.VERSIONS.addAndGet(10);
        Account before = (Account) state(row);
        if (before != null) {
            unit.write(row, before.plus(amount));
        }
        addEvenIfItThrows(row, amount);
    }

    /** The caller may catch what a port throws after it has written, and commit. */
    private int addEvenIfItThrows(Row row, long amount) {
        try {
            return town.accounts.add(row.id(), amount);
        } catch (Throwing.Afterwards e) {
            if (committing) {
                throw e;
            }
            return 1;
        }
    }

    private void save(Account account) {
        unit.write(Row.account(account.id()), account);
        town.accounts.save(account);
    }

    private void changeOwner() {
        boolean anchor = random.nextBoolean();
        Row row = anchor ? Row.anchor(stripe) : Row.owner(stripe, random.nextInt(plan.keys), plan.writers);
        if (!anchor && random.nextInt(3) == 0) {
            unit.write(row, null);
            town.owners.delete(row.id());
            return;
        }
        long version = Row.VERSIONS.addAndGet(10);
        List<String> phones = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> "+" + version + i)
                .toList();
        Owner owner = new Owner(row.id(), "o" + version, version, phones);
        unit.write(row, owner);
        town.owners.save(owner);
    }

    /** Under another key the account is another entity: two keys are written. */
    private void rekey() {
        Row from = anyAccount();
        Row to = anyAccount();
        if (!knows(from) || !knows(to) || state(from) == null || state(to) != null) {
            return;
        }
        Account account = (Account) state(from);
        unit.write(from, null);
        unit.write(to, account.at(to.id()));
        town.accounts.rekey(from.id(), to.id());
    }

    private void bulk() {
        List<Row> rows = random.ints(20, 0, plan.keys)
                .distinct()
                .mapToObj(index -> Row.account(stripe, index, plan.writers))
                .toList();
        switch (random.nextInt(5)) {
            case 0 -> {
                rows.forEach(row -> unit.write(row, null));
                town.accounts.deleteAll(rows.stream().map(Row::id).toList());
            }
            case 1 -> addAll(rows.stream().filter(this::knows).toList());
            default -> {
                List<Account> accounts = rows.stream().map(this::newAccount).toList();
                accounts.forEach(account -> unit.write(Row.account(account.id()), account));
                town.accounts.saveAll(accounts);
            }
        }
    }

    /** Rows that the call does not name; without sentinels it does. */
    private void undeclared() {
        int first = random.nextInt(plan.keys);
        int last = Math.min(plan.keys - 1, first + random.nextInt(30));
        if (random.nextBoolean()) {
            changeTogether(
                    IntStream.rangeClosed(first, last).mapToObj(this::row).toList(),
                    amount -> town.accounts.raiseAll(row(first).id(), row(last).id(), plan.writers, amount));
        } else {
            int other = random.nextInt(plan.keys);
            changeTogether(
                    IntStream.of(first, other).distinct().mapToObj(this::row).toList(),
                    amount -> town.accounts.addBoth(row(first).id(), row(other).id(), amount));
        }
    }

    private void changeTogether(List<Row> rows, LongConsumer call) {
        if (!rows.stream().allMatch(this::knows)) {
            return;
        }
        long amount = Row.VERSIONS.addAndGet(10);
        List<Row> there = rows.stream().filter(row -> state(row) != null).toList();
        there.forEach(row -> unit.write(row, ((Account) state(row)).plus(amount)));
        round.undeclared.addAndGet(there.size());
        call.accept(amount);
    }

    private Row row(int index) {
        return Row.account(stripe, index, plan.writers);
    }

    private void addAll(List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        long amount = Row.VERSIONS.addAndGet(10);
        rows.stream()
                .filter(row -> state(row) != null)
                .toList()
                .forEach(row -> unit.write(row, ((Account) state(row)).plus(amount)));
        town.accounts.addAll(rows.stream().map(Row::id).toList(), amount);
    }

    /** One shared account at most, and last: so the callers themselves can never deadlock. */
    private void changeShared() {
        if (random.nextInt(3) == 0) {
            count();
            return;
        }
        Row row = Row.shared(random.nextInt(Row.SHARED));
        if (random.nextInt(4) == 0) {
            unit.write(row, null);
            town.accounts.delete(row.id());
        } else {
            long version = Row.VERSIONS.addAndGet(10);
            save(new Account(row.id(), null, "s" + version, version));
        }
    }

    private void count() {
        Row row = Row.counter(random.nextInt(Row.COUNTERS));
        Count count = round.counters.get(row.counterIndex());
        counting = count;
        count.begin(1);
        if (!committing && random.nextBoolean()) {
            long least = count.least();
            long found = town.accounts.lock(row.id()).map(Account::balance).orElse(-1L);
            if (found < least || found > count.most()) {
                round.wrong.add("locked " + row + ": " + found + ", not from " + least + " to " + count.most());
            }
            if (addEvenIfItThrows(row, 1) != 1) {
                round.wrong.add(row + " is missing");
            }
        } else {
            addEvenIfItThrows(row, 1);
        }
    }

    // ---- what it knows

    private Row anyAccount() {
        return Row.account(stripe, random.nextInt(plan.keys), plan.writers);
    }

    private Account newAccount(Row row) {
        long version = Row.VERSIONS.addAndGet(10);
        Long owner = random.nextInt(3) == 0 ? Row.anchor(stripe).id() : null;
        return new Account(row.id(), owner, "n" + version, version);
    }

    private boolean knows(Row row) {
        return states(row).size() == 1;
    }

    private Object state(Row row) {
        return states(row).iterator().next();
    }

    private Set<Object> states(Row row) {
        if (unit.wrote(row)) {
            Object own = unit.state(row);
            return own == null ? java.util.Collections.singleton(null) : Set.of(own);
        }
        return round.history.possible(row);
    }

    private void readBack() {
        Row row = anyAccount();
        try {
            Reader.check(round, row, "own", () -> town.accounts.find(row.id()).orElse(null));
        } catch (RuntimeException e) {
            if (plan.kills() && Failing.isGone(e)) {
                round.gone.incrementAndGet();
            } else {
                round.errors.add(e);
            }
        }
    }

    /** A statement of the application that does not go through a port, after one that has taken the fence. */
    private final class Astray {

        /** Whether the unit has tried what must be refused. */
        private boolean wrong;

        void write() throws SQLException {
            Row row = anyAccount();
            if (!knows(row)) {
                return;
            }
            boolean legacy = Town.stage(Town.ACCOUNTS, town.connection()).authority() == Side.LEGACY;
            wrong = !legacy && plan.strangers == Strangers.REFUSE && random.nextInt(8) == 0;
            String table = legacy || wrong ? "old.account" : "fresh.purse";
            boolean old = table.equals("old.account");
            long version = Row.VERSIONS.addAndGet(10);
            boolean delete = random.nextInt(4) == 0;
            unit.write(row, delete ? null : new Account(row.id(), null, "astray", version));
            town.execute(
                    delete
                            ? "DELETE FROM " + table + " WHERE id = " + row.id()
                            : Stranger.upsert(old, List.of(row.id()), "astray", version));
            if (wrong) {
                round.wrong.add("the application could write legacy, which follows: " + row);
            }
            round.astray.incrementAndGet();
        }
    }

    /** A unit that its caller rolls back. */
    private static final class Deliberate extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
