package dev.changeover.proof.torture;

import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What one round does; all of it comes from the seed of the round. Nobody changes a plan that is being carried out. */
final class Plan implements Cloneable {

    long seed;

    /** Instances of the application, each with a pool of its own. */
    int instances = 1;

    /** Each owns a stripe of keys, beside the keys that all of them write. */
    int writers = 8;

    /** The accounts of each writer. */
    int keys = 2;

    /** Whether legacy holds half of the keys before the first stage, so that a backfill has work. */
    boolean preloaded = true;

    /** Whether the server copies live writes of accounts by itself, in one message. */
    boolean folded;

    /** Whether new's own methods are rehearsed. */
    boolean rehearsed;

    /** Whether reads are repeated on the other side and compared. */
    boolean shadowed;

    /** One of so many writes of a follower fails; none for 0. */
    int failEvery = 40;

    /** One of so many reads of a copy is followed by a pause; none for 0. */
    int pauseEvery = 4;

    int pauseMillis = 4;

    /** One of so many increments throws after it has written; none for 0. */
    int throwEvery;

    /** The share of units under REPEATABLE READ or SERIALIZABLE, in percent. */
    int snapshots = 12;

    /** The share of calls that write many keys at once, in percent. */
    int bulk = 10;

    /** The share of changes of an account that are increments, in percent. */
    int adds = 20;

    /** The share of units that roll back to a savepoint of their own and pause before they go on, in percent. */
    int undone = 8;

    /** The longest pause of a unit at a moment when another could overtake it. */
    int windowMillis;

    /** About so many acknowledged writes lie between two kills of sessions; none for 0. */
    int killEvery;

    int crashes;

    /** Callers that hold a row of new while they write through the port. */
    int strays;

    /** Whether a build that has never heard of the library has a transaction open when the first move comes. */
    boolean oldBuild;

    /** Whether sentinels are on both sides, so that others than the library may write, and methods of unknown keys. */
    boolean watched;

    /** What becomes of those who write the side that follows. */
    Strangers strangers = Strangers.REFUSE;

    /** Sessions that know nothing of the library and write legacy. */
    int blue;

    /** The same for new. */
    int green;

    /** How long they sometimes keep a transaction open. */
    int blueMillis = 40;

    /** The share of a unit's operations after which the application writes a key round the library, in percent. */
    int astray;

    /** The moves stay between these stages. */
    Stage lowest = Stage.LEGACY_ONLY;

    Stage highest = Stage.NEW_ONLY;

    /** Whether the moves go straight up to the highest stage once, before they go wherever they like. */
    boolean eager;

    /** The longest pause between two moves. */
    int moveMillis = 200;

    /** How long the writers write. */
    Duration work = Duration.ofSeconds(2);

    private Plan(long seed) {
        this.seed = seed;
    }

    /** The kind of round that this seed means. */
    static Plan of(long seed, Duration work, boolean kills) {
        Random random = new Random(seed * 7_919);
        Plan plan = new Plan(seed);
        plan.instances = 1 + random.nextInt(3);
        plan.writers = 14;
        plan.keys = random.nextInt(6) == 0 ? 1 + random.nextInt(2) : 140;
        plan.preloaded = random.nextInt(4) > 0;
        plan.folded = random.nextBoolean();
        plan.rehearsed = random.nextInt(4) == 0;
        plan.shadowed = random.nextInt(4) == 0;
        plan.failEvery = random.nextInt(3) == 0 ? 0 : 40 + random.nextInt(200);
        plan.pauseEvery = random.nextInt(2) == 0 ? 0 : 10 + random.nextInt(40);
        plan.pauseMillis = 1 + random.nextInt(8);
        plan.throwEvery = random.nextBoolean() ? 0 : 20;
        plan.snapshots = 4 + random.nextInt(20);
        plan.bulk = 25 + random.nextInt(35);
        plan.windowMillis = random.nextInt(3) == 0 ? 10 : 0;
        plan.killEvery = kills ? 850 : 0;
        plan.crashes = kills && random.nextInt(3) == 0 ? 1 : 0;
        plan.strays = random.nextInt(3) == 0 ? 1 : 0;
        plan.oldBuild = random.nextInt(3) == 0;
        plan.watch(new Random(seed * 104_729)); // of their own, so that the rest of a round stays as it was
        plan.eager = random.nextBoolean();
        plan.moveMillis = 20 + random.nextInt(200);
        plan.between(random.nextInt(4));
        plan.work = work;
        return plan;
    }

    /** Few keys and many pauses, no kills: the pressure under which a missing rule shows. */
    static Plan pressing(long seed) {
        return new Plan(seed);
    }

    /** Half of the rounds walk all the way; the others stay where the authority moves, or where new serves. */
    private void between(int kind) {
        if (kind == 0) {
            lowest = Stage.RAMP;
            highest = Stage.NEW_PRIMARY;
        } else if (kind == 1) {
            lowest = Stage.SHADOW;
        }
        oldBuild &= lowest == Stage.LEGACY_ONLY; // later it would be a stranger, and refused for good
    }

    private void watch(Random random) {
        watched = random.nextInt(6) > 0;
        if (!watched) {
            return;
        }
        strangers = random.nextInt(4) == 0 ? Strangers.MARK : Strangers.REFUSE;
        blue = 1 + random.nextInt(2);
        green = random.nextInt(2);
        blueMillis = 10 + random.nextInt(60);
        astray = 3 + random.nextInt(12);
    }

    Plan with(Consumer<Plan> change) {
        try {
            Plan changed = (Plan) clone();
            change.accept(changed);
            return changed;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean kills() {
        return killEvery > 0 || crashes > 0;
    }

    @Override
    public String toString() {
        return Arrays.stream(Plan.class.getDeclaredFields())
                .map(field -> {
                    try {
                        return field.getName() + "=" + field.get(this);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .collect(Collectors.joining(" "));
    }
}
