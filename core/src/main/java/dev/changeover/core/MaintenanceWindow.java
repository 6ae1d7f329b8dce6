package dev.changeover.core;

import dev.changeover.core.control.Freeze;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.RepositoryState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Moves repositories from legacy to new in one go, for systems that are small enough to be copied while their writers wait:
 * stop writes, copy, verify, go on with both sides written, switch. Reads go on all the time. When the verification finds
 * a difference, something fails, or the time is over, writers go on and the repositories go back to where they were.
 *
 * <p>Units of work that write wait in the database while is copied and verified, for as long as their own
 * {@code lock_timeout} and {@code statement_timeout} allow; then they fail as they do whenever a lock is not to be had. If
 * this process dies, writers go on at once, in the stage that was reached, and another window goes on from there. Who
 * writes round the library waits only where sentinels are installed.
 *
 * <pre>{@code
 * MaintenanceResult result = changeover.maintenance("users")
 *         .verifiedBy(() -> Verification.of(pool, users).build().run().verdict() == Verdict.MATCH)
 *         .telling(step -> System.out.println(step.what()))
 *         .run("alice", "the announced window");
 * }</pre>
 *
 * <p>Immutable.
 */
public final class MaintenanceWindow {

    private final Changeover changeover;
    private final DataSource dataSource;
    private final List<String> repositories;
    private final BooleanSupplier verify;
    private final Stage target;
    private final Duration bound;
    private final Consumer<MaintenanceStep> listener;

    MaintenanceWindow(Changeover changeover, DataSource dataSource, List<String> repositories) {
        this(
                changeover,
                dataSource,
                repositories,
                MaintenanceWindow::unverified,
                Stage.NEW_PRIMARY,
                Duration.ofMinutes(5),
                step -> {});
    }

    private MaintenanceWindow(
            Changeover changeover,
            DataSource dataSource,
            List<String> repositories,
            BooleanSupplier verify,
            Stage target,
            Duration bound,
            Consumer<MaintenanceStep> listener) {
        this.changeover = changeover;
        this.dataSource = dataSource;
        this.repositories = repositories;
        this.verify = verify;
        this.target = target;
        this.bound = bound;
        this.listener = listener;
        if (repositories.isEmpty()) {
            throw new ConfigurationException("maintenance", "no repository", "Name at least one");
        }
    }

    private static boolean unverified() {
        throw new ConfigurationException(
                "maintenance.verifiedBy", "not set", "Give what compares both sides and tells whether they are equal");
    }

    /** Says what compares both sides, and returns whether they are equal. It runs while nobody writes. */
    public MaintenanceWindow verifiedBy(BooleanSupplier comparison) {
        return new MaintenanceWindow(changeover, dataSource, repositories, comparison, target, bound, listener);
    }

    /**
     * Says where to: NEW_PRIMARY, from where a step back loses nothing, which is the default; or NEW_ONLY.
     *
     * @throws ConfigurationException for another stage
     */
    public MaintenanceWindow to(Stage stage) {
        if (stage.compareTo(Stage.NEW_PRIMARY) < 0) {
            throw new ConfigurationException("maintenance.to", "it is " + stage, "Give NEW_PRIMARY or NEW_ONLY");
        }
        return new MaintenanceWindow(changeover, dataSource, repositories, verify, stage, bound, listener);
    }

    /**
     * Says for how long writers may be stopped, five minutes by default; then everything goes back. A step that runs is
     * not cut off but for the copy.
     */
    public MaintenanceWindow atMost(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new ConfigurationException("maintenance.atMost", "less than a second", "Give at least one");
        }
        return new MaintenanceWindow(changeover, dataSource, repositories, verify, target, time, listener);
    }

    /** Says who is told of each step when it has been done. */
    public MaintenanceWindow telling(Consumer<MaintenanceStep> told) {
        return new MaintenanceWindow(changeover, dataSource, repositories, verify, target, bound, told);
    }

    /**
     * Does all of it, on the calling thread.
     *
     * @param actor who asks
     * @param reason why
     * @return how it ended; a window that went back has a reason for that
     * @throws MoveRefusedException if writers could not be stopped; nothing was changed then
     */
    public MaintenanceResult run(String actor, String reason) {
        Run run = new Run(actor, reason);
        return run.all();
    }

    /** One window. */
    private final class Run {
        private final String actor;
        private final String reason;
        private final Stages stages = changeover.stages().overridingGates();
        private final List<MaintenanceStep> steps = new ArrayList<>();
        private final long deadline = System.nanoTime() + bound.toNanos();
        private final Stage before;

        Run(String actor, String reason) {
            this.actor = actor;
            this.reason = "maintenance window: " + reason;
            this.before = stage();
            if (states().stream().anyMatch(state -> state.stage() != before)) {
                throw new ConfigurationException(
                        "maintenance", "the repositories are in different stages", "Bring them to one stage first");
            }
        }

        MaintenanceResult all() {
            try {
                if (before.compareTo(Stage.NEW_PRIMARY) < 0) {
                    whileWritersWait();
                }
                forward();
                return new MaintenanceResult(stage(), null, steps);
            } catch (MoveRefusedException nothingDone) {
                if (stage() == before) {
                    throw nothingDone;
                }
                return back(nothingDone);
            } catch (RuntimeException failure) {
                return back(failure);
            }
        }

        /** Who has read under an older stage and waits to write would be in the way of the switch, so that comes later. */
        private void whileWritersWait() {
            List<Integer> numbers =
                    states().stream().map(RepositoryState::number).toList();
            try (Freeze freeze = Freeze.of(dataSource, numbers, MoveRounds.DEFAULTS, bound)) {
                told("writers wait", 0);
                if (before == Stage.LEGACY_ONLY) {
                    step("moved to DUAL_WRITE", () -> moveTo(Stage.DUAL_WRITE));
                }
                step("copied", () -> repositories.forEach(this::copy));
                step("verified", this::verified);
                if (!freeze.holds()) {
                    throw new ChangeoverException("the connection that stopped the writers is gone");
                }
            } finally {
                told("writers go on", 0);
            }
        }

        private void forward() {
            while (stage() != target) {
                if (stage() == Stage.RAMP) {
                    step("all reads by new", () -> stages.percent(repositories, 100, actor, reason));
                }
                Stage next = Stage.values()[stage().ordinal() + 1];
                step("moved to " + next, () -> moveTo(next));
            }
        }

        private void moveTo(Stage next) {
            stages.moveTogether(repositories, next, actor, reason);
        }

        private void copy(String repository) {
            Backfill backfill = changeover.backfill(repository).niceRatio(0);
            RepositoryState state = changeover.stages().of(repository);
            if (state.stale() == Side.NEW) {
                backfill.reseed(progress -> inTime());
            } else if (!state.backfilled()) {
                backfill.run(progress -> inTime());
            }
            changeover.drain().awaitEmpty(repository, left());
        }

        /** What was reseeded is accepted on the word of the comparison, which need not be one that leaves a record. */
        private void verified() {
            if (!verify.getAsBoolean()) {
                throw new ChangeoverException(
                        "the sides are not equal. See what the verification found, mend it, try again");
            }
            for (RepositoryState state : states()) {
                if (state.stale() != null) {
                    changeover.backfill(state.name()).acceptUnverified(actor, reason + ", compared while nobody wrote");
                }
            }
        }

        private void step(String what, Runnable work) {
            inTime();
            long begun = System.nanoTime();
            work.run();
            told(what, System.nanoTime() - begun);
        }

        private MaintenanceResult back(RuntimeException failure) {
            try {
                while (stage().compareTo(before) > 0) {
                    Stage to = Stage.values()[stage().ordinal() - 1];
                    long begun = System.nanoTime();
                    stages.moveTogether(repositories, to, actor, reason + ", given up");
                    told("moved back to " + to, System.nanoTime() - begun);
                }
            } catch (RuntimeException stuck) {
                told("could not go back: " + stuck.getMessage(), 0);
            }
            return new MaintenanceResult(stage(), String.valueOf(failure.getMessage()), steps);
        }

        private void inTime() {
            if (System.nanoTime() > deadline) {
                throw new ChangeoverException("the time of the window is over: " + bound);
            }
        }

        private Duration left() {
            return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        }

        private void told(String what, long nanos) {
            MaintenanceStep step = new MaintenanceStep(what, Duration.ofNanos(nanos));
            steps.add(step);
            listener.accept(step);
        }

        private List<RepositoryState> states() {
            return repositories.stream().map(changeover.stages()::of).toList();
        }

        private Stage stage() {
            return changeover.stages().of(repositories.get(0)).stage();
        }
    }
}
