package dev.changeover.proof;

import dev.changeover.shadowcompare.Repair;
import dev.changeover.shadowcompare.RepairResult;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.Verification;
import dev.changeover.shadowcompare.VerificationMode;
import dev.changeover.shadowcompare.VerificationResult;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;

/** The long jobs of a repository. Whoever is told to do one that was begun goes on with it. */
enum Labour {
    BACKFILL,
    RESEED,
    VERIFY,
    REPAIR;

    /** The thread that does one; others that help are named after the job. */
    static final String THREAD = "labour";

    private static final Set<Verdict> COMPLETE = EnumSet.of(Verdict.MATCH, Verdict.DIVERGED);

    /** How long a repair waits for the drain. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** So small that a job has more than a hundred of them. */
    static final int PART = 25;

    /**
     * What is done.
     *
     * @param verification the verification to go on with, or whose keys are repaired; 0 for a new one
     * @param rate how many keys a second are verified at most, 0 for no limit
     */
    record Order(Labour labour, long verification, VerificationMode mode, long rate) {

        static Order of(String line) {
            String[] words = line.split(" ");
            return new Order(
                    Labour.valueOf(words[0]),
                    Long.parseLong(words[1]),
                    VerificationMode.valueOf(words[2]),
                    Long.parseLong(words[3]));
        }

        String line() {
            return labour + " " + verification + " " + mode + " " + rate;
        }

        boolean isDoneBy(Thread thread) {
            String name = thread.getName();
            return name.equals(THREAD)
                    || name.startsWith("changeover-" + labour.name().toLowerCase(Locale.ROOT) + "-");
        }

        /** Returns whether it has come to its end. */
        boolean on(Bank bank, DataSource pool) {
            return switch (labour) {
                case BACKFILL ->
                    bank.changeover.backfill(Bank.NAME).run(told -> {}).finished();
                case RESEED ->
                    bank.changeover.backfill(Bank.NAME).reseed(told -> {}).finished();
                case VERIFY -> COMPLETE.contains(verify(pool).verdict());
                case REPAIR -> repair(pool).done();
            };
        }

        VerificationResult<Long> verify(DataSource pool) {
            Verification<Long, Account> run = Verification.of(pool, CheckedAccounts.repository())
                    .mode(mode)
                    .rate(() -> rate)
                    .rangeSize(PART)
                    .recheck(100, Duration.ofMillis(20))
                    .build();
            return verification == 0 ? run.run() : run.resume(verification);
        }

        private RepairResult<Long> repair(DataSource pool) {
            Repair<Long, Account> repair = Repair.of(pool, CheckedAccounts.repository());
            return repair.run(repair.planOfRun(verification), "ann", "ticket 7", PATIENCE);
        }
    }
}
