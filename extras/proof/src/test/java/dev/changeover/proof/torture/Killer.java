package dev.changeover.proof.torture;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;

/** Ends sessions in the middle of their work, freezes some, and crashes the server as often as planned. */
final class Killer implements Runnable {

    private final Round round;
    private final Random random;

    Killer(Round round) {
        this.round = round;
        this.random = round.history.random("when to kill");
    }

    @Override
    public void run() {
        long begin = System.nanoTime();
        long crashAt = crashAt(begin);
        long next = 0;
        int crashes = round.plan.crashes;
        while (!round.isOver()) {
            if (crashes > 0 && System.nanoTime() > crashAt) {
                crashes--;
                crashAt = crashAt(System.nanoTime());
                crash();
            } else if (round.plan.killEvery > 0 && round.acknowledged() >= next) {
                next = round.acknowledged() + (long) (round.plan.killEvery * (0.5 + random.nextDouble()));
                kill();
            }
            Round.pause(1);
        }
    }

    private long crashAt(long from) {
        return from + (long) (round.plan.work.toNanos() * (0.2 + 0.5 * random.nextDouble()));
    }

    private void crash() {
        try {
            if (random.nextInt(3) == 0) {
                round.kills.sessionHard();
            } else {
                round.kills.server();
            }
        } catch (SQLException e) {
            round.gone.incrementAndGet();
        }
    }

    private void kill() {
        try {
            if (random.nextInt(12) == 0) {
                round.kills.pause(Duration.ofMillis(5 + random.nextInt(120)));
            }
            round.kills.session();
        } catch (SQLException | IllegalStateException e) {
            round.gone.incrementAndGet(); // it ended by itself
        }
    }
}
