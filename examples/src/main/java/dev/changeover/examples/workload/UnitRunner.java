package dev.changeover.examples.workload;

import dev.changeover.examples.database.Savepoints;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.journal.UnitJournal;
import java.util.function.Consumer;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs units of work as a careful application does, and notes what it was told. */
final class UnitRunner {

    private static final int TRIES = 10;

    private final Deployment deployment;
    private final PlatformTransactionManager transactions;
    private final Savepoints savepoints;
    private final Journal journal;
    private final Metrics metrics;
    private final boolean mayBeRefused;

    /**
     * Creates a runner.
     *
     * @param mayBeRefused whether a write that sentinels refuse is no error: this is a build that new leaves behind
     */
    UnitRunner(
            Deployment deployment,
            PlatformTransactionManager transactions,
            Savepoints savepoints,
            Journal journal,
            Metrics metrics,
            boolean mayBeRefused) {
        this.deployment = deployment;
        this.transactions = transactions;
        this.savepoints = savepoints;
        this.journal = journal;
        this.metrics = metrics;
        this.mayBeRefused = mayBeRefused;
    }

    /** Runs the work until it is done, tried too often, or failed; returns the number of acknowledged writes. */
    int run(String operation, Mode mode, Known known, Consumer<Unit> work) {
        for (int i = 1; i <= TRIES; i++) {
            UnitJournal notes = journal.unit();
            try {
                return deployment.with(ports -> done(new Unit(ports, notes, savepoints, known), mode, work));
            } catch (RuntimeException | Error failure) {
                if (!again(notes, operation, mode, known, failure, i)) {
                    return 0;
                }
            }
        }
        return 0;
    }

    private int done(Unit unit, Mode mode, Consumer<Unit> work) {
        long start = System.nanoTime();
        execute(unit, mode, work);
        if (mode == Mode.ABANDONED) {
            unit.journal().rolledBack();
            metrics.rolledBack();
            return 0;
        }
        int writes = unit.acknowledged();
        metrics.acknowledged(writes, mode, System.nanoTime() - start);
        return writes;
    }

    private void execute(Unit unit, Mode mode, Consumer<Unit> work) {
        if (mode == Mode.BARE) {
            work.accept(unit);
            return;
        }
        TransactionTemplate template = new TransactionTemplate(transactions);
        template.setIsolationLevel(mode.isolation);
        template.executeWithoutResult(status -> {
            work.accept(unit);
            if (mode == Mode.ABANDONED) {
                status.setRollbackOnly();
            }
        });
    }

    private boolean again(UnitJournal notes, String operation, Mode mode, Known known, Throwable failure, int tries) {
        Outcome outcome = Outcome.of(failure, mode);
        note(outcome, notes, known);
        if (outcome.retried() && tries < TRIES) {
            metrics.retried(outcome.name());
            return true;
        }
        if (outcome == Outcome.REFUSED && mayBeRefused) {
            metrics.refused(failure);
        } else {
            metrics.callerError(operation, failure);
        }
        return false;
    }

    private static void note(Outcome outcome, UnitJournal notes, Known known) {
        switch (outcome) {
            case UNKNOWN -> {
                notes.unknown();
                known.clear();
            }
            case REFUSED -> notes.refused();
            default -> notes.rolledBack();
        }
    }
}
