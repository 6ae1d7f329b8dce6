package dev.changeover.proof.torture;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Moves both repositories forward and back, together as a rule, with the backfills and reseeds in between. */
final class Mover implements Runnable {

    private final Round round;
    private final Random random;
    private boolean eager;
    private final AtomicLong moves = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    Mover(Round round) {
        this.round = round;
        this.random = round.history.random("mover");
        this.eager = round.plan.eager;
    }

    @Override
    public void run() {
        while (!round.isOver()) {
            Town town = round.towns.get(random.nextInt(round.towns.size()));
            try {
                step(town);
            } catch (MoveRefusedException e) {
                refused.incrementAndGet();
            } catch (ChangeoverException e) {
                failed(e);
            }
            Round.pause(random.nextInt(round.plan.moveMillis));
        }
        round.moved(moves.get(), refused.get());
    }

    private void failed(ChangeoverException e) {
        if (round.plan.kills() && Failing.isGone(e)) {
            round.gone.incrementAndGet();
        } else if (!round.isOver()) {
            round.errors.add(e);
        }
    }

    private void step(Town town) {
        RepositoryState owners = town.state(Town.OWNERS);
        RepositoryState accounts = town.state(Town.ACCOUNTS);
        if (owners.stage() == accounts.stage()) {
            move(town, owners.stage(), accounts);
        } else {
            catchUp(town, owners.stage(), accounts.stage());
        }
    }

    private void move(Town town, Stage stage, RepositoryState accounts) {
        eager &= stage != round.plan.highest;
        boolean forward = eager || random.nextInt(10) < 6;
        int next = Math.min(
                round.plan.highest.ordinal(),
                Math.max(round.plan.lowest.ordinal(), stage.ordinal() + (forward ? 1 : -1)));
        if (next == stage.ordinal()) {
            return;
        }
        Stage target = Stage.values()[next];
        Steps.prepare(town, target);
        if (stage == Stage.RAMP && random.nextInt(3) > 0) {
            percent(town, random.nextInt(101));
            Round.pause(random.nextInt(round.plan.moveMillis));
        }
        if (stage == Stage.RAMP && target == Stage.NEW_PRIMARY) {
            percent(town, 100);
        }
        boolean alone = !eager && random.nextInt(6) == 0;
        String one = target.ordinal() > stage.ordinal() ? Town.OWNERS : Town.ACCOUNTS;
        move(town, alone ? List.of(one) : Town.BOTH, target);
    }

    private void catchUp(Town town, Stage owners, Stage accounts) {
        boolean ahead = owners.ordinal() > accounts.ordinal();
        if (random.nextBoolean()) {
            Steps.prepare(town, ahead ? owners : accounts);
            move(town, List.of(ahead ? Town.ACCOUNTS : Town.OWNERS), ahead ? owners : accounts);
        } else {
            move(town, List.of(ahead ? Town.OWNERS : Town.ACCOUNTS), ahead ? accounts : owners);
        }
    }

    private void percent(Town town, int percent) {
        town.changeover.stages().percent(Town.BOTH, percent, "torture", "seed " + round.plan.seed);
    }

    private void move(Town town, List<String> repositories, Stage target) {
        town.changeover.stages().moveTogether(repositories, target, "torture", "seed " + round.plan.seed);
        moves.incrementAndGet();
    }
}
