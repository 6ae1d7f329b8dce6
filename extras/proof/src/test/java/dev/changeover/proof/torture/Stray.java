package dev.changeover.proof.torture;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Count;
import java.util.Random;

/**
 * A caller that locks rows of new by a statement of its own before it writes through the port, so that a cycle can run
 * through the follower.
 */
final class Stray implements Runnable {

    private final Round round;
    private final Town town;
    private final Random random;

    Stray(Round round, Town town, int number) {
        this.round = round;
        this.town = town;
        this.random = round.history.random("stray " + number);
    }

    @Override
    public void run() {
        while (!round.isOver()) {
            count(Row.counter(random.nextInt(Row.COUNTERS)));
            Round.pause(random.nextInt(20));
        }
    }

    private void count(Row row) {
        Count count = round.counters.get(row.counterIndex());
        count.begin(1);
        boolean[] committing = {false};
        try {
            town.inTransaction(TransactionSettings.DEFAULTS, () -> {
                if (!town.stage(Town.ACCOUNTS).authority().equals(dev.changeover.core.Side.NEW)) {
                    town.execute("SELECT FROM fresh.purse WHERE id = " + row.id() + " FOR UPDATE");
                    town.execute("SET LOCAL deadlock_timeout = '300ms'"); // of two in a cycle this one looks first
                    Round.pause(random.nextInt(15));
                }
                town.accounts.add(row.id(), 1);
                committing[0] = true;
                return true;
            });
            count.acknowledged(1);
            round.counted.incrementAndGet();
        } catch (RuntimeException e) {
            boolean gone = Failing.isGone(e);
            if (!gone || !committing[0]) {
                count.undone(1);
            }
            if (gone && round.plan.kills()) {
                round.gone.incrementAndGet();
            } else if (e instanceof dev.changeover.core.StageChangedException) {
                round.stageChanged.incrementAndGet();
            } else if (!(e instanceof Throwing.Afterwards)) {
                round.errors.add(e);
            }
        }
    }
}
