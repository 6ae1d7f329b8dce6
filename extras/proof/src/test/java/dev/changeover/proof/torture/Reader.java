package dev.changeover.proof.torture;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Count;
import java.util.Optional;
import java.util.Random;

/** Reads keys of all writers outside any transaction, or in one declared read-only, and asks the history. */
final class Reader implements Runnable {

    private static final TransactionSettings READ_ONLY =
            new TransactionSettings(TransactionSettings.Propagation.REQUIRED, null, null, true, failure -> true);

    private final Round round;
    private final Town town;
    private final Random random;

    Reader(Round round, Town town, int number) {
        this.round = round;
        this.town = town;
        this.random = round.history.random("reader " + number);
    }

    @Override
    public void run() {
        while (!round.isOver()) {
            read(round.anyRow(random));
            Round.pause(random.nextInt(3));
        }
    }

    private void read(Row row) {
        try {
            boolean inside = random.nextInt(4) == 0;
            if (row.isCounter()) {
                count(row, inside);
            } else {
                check(
                        round,
                        row,
                        inside ? "in a read-only unit" : "outside",
                        () -> inside ? town.inTransaction(READ_ONLY, () -> find(town, row)) : find(town, row));
            }
            round.reads.incrementAndGet();
        } catch (RuntimeException e) {
            if (round.plan.kills() && Failing.isGone(e)) {
                round.gone.incrementAndGet();
            } else {
                round.errors.add(e);
            }
        }
    }

    private void count(Row row, boolean inside) {
        Count count = round.counters.get(row.counterIndex());
        long least = count.least();
        Optional<Account> found = inside
                ? town.inTransaction(READ_ONLY, () -> town.accounts.find(row.id()))
                : town.accounts.find(row.id());
        long most = count.most();
        long value = found.map(Account::balance).orElse(-1L);
        if (value < least || value > most) {
            round.wrong.add(row + ": counted " + value + ", not between " + least + " and " + most);
        }
    }

    /** Something that reads. */
    interface Read {
        Object get();
    }

    static void check(Round round, Row row, String where, Read read) {
        long begin = round.history.now();
        Object found = read.get();
        long end = round.history.now();
        if (!round.history.isLegal(row, found, begin, end)) {
            round.wrong.add(where + " [" + begin + ".." + end + "] " + found + " of " + round.history.describe(row)
                    + " while there is " + present(round, row));
        }
    }

    /** A moment later: the stages, the marks of the key and both sides. */
    private static String present(Round round, Row row) {
        boolean owner = row.kind() == Row.Kind.OWNER;
        try {
            return String.valueOf(round.database.queryStrings("SELECT 'stage ' || concat_ws(' ', name, stage, epoch)"
                    + " FROM changeover.repository"
                    + " UNION ALL SELECT m::text FROM changeover.mark m WHERE m.key = '" + row.id() + "'"
                    + " UNION ALL SELECT 'old ' || o FROM " + (owner ? "old.owner" : "old.account") + " o WHERE id = "
                    + row.id()
                    + " UNION ALL SELECT 'fresh ' || n FROM " + (owner ? "fresh.person" : "fresh.purse")
                    + " n WHERE id = "
                    + row.id()));
        } catch (RuntimeException e) {
            return "(" + e.getMessage() + ")"; // the server may just have been killed
        }
    }

    static Object find(Town town, Row row) {
        return row.kind() == Row.Kind.OWNER
                ? town.owners.find(row.id()).orElse(null)
                : town.accounts.find(row.id()).orElse(null);
    }
}
