package dev.changeover.examples;

import dev.changeover.core.Changeover;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.Script;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.workload.Workload;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.Verification;
import dev.changeover.shadowcompare.VerificationResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The guide from its second phase to its seventh, one repository after the other, while traffic runs. */
final class Walk {

    static final List<String> REPOSITORIES = List.of("users", "rooms", "audit_logs");

    /** The phase in which new is to serve every eligible read. */
    static final String AT_100 = "RAMP_100";

    private static final String ACTOR = "example";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final DataSource pool;
    private final Schemas schemas;
    private final Wiring wiring;
    private final Workload workload;
    private final Journal journal;
    private final Phase phase;
    private final Report report;
    private final Duration stay;
    private final Map<String, VerificationResult<?>> verifications = new LinkedHashMap<>();

    Walk(
            DataSource pool,
            Schemas schemas,
            Wiring wiring,
            Workload workload,
            Journal journal,
            Phase phase,
            Report report,
            Duration stay) {
        this.pool = pool;
        this.schemas = schemas;
        this.wiring = wiring;
        this.workload = workload;
        this.journal = journal;
        this.phase = phase;
        this.report = report;
        this.stay = stay;
    }

    void run() {
        dualWrite();
        verifyAll("after the backfill");
        shadow();
        ramp();
        backAndForth();
        verifyAll("before legacy is left");
        leaveLegacy();
    }

    /** A child is written on new when its parents are there: each repository is filled before the next begins. */
    private void dualWrite() {
        phase.enter("DUAL_WRITE");
        for (String repository : REPOSITORIES) {
            report.step("dual write: " + repository);
            move(List.of(repository), Stage.DUAL_WRITE, "phase 2: the schema is there");
            changeover().backfill(repository).run(report::progress);
        }
        awaitEarlierMarks();
        stay();
    }

    private void shadow() {
        report.step("shadow reads and rehearsed writes");
        phase.enter("SHADOW");
        REPOSITORIES.forEach(repository -> move(List.of(repository), Stage.SHADOW, "the sides are equal"));
        stay();
    }

    private void ramp() {
        move(REPOSITORIES, Stage.RAMP, "no difference under traffic");
        for (int percent : new int[] {10, 25, 50, 100}) {
            report.step("new serves " + percent + " % of the reads");
            changeover().stages().percent(REPOSITORIES, percent, ACTOR, "phase 6");
            phase.enter("RAMP_" + percent);
            stay();
        }
    }

    private void backAndForth() {
        // Hibernate may not change managed objects behind the repositories any more: new is about to lead
        workload.stopDirtyChecking();
        lead("NEW_PRIMARY");
        report.step("back: legacy leads again");
        move(REPOSITORIES, Stage.RAMP, "to see that we can");
        phase.enter("BACK_AT_RAMP");
        stay();
        lead("NEW_PRIMARY_AGAIN");
    }

    private void lead(String name) {
        report.step("new leads");
        move(REPOSITORIES, Stage.NEW_PRIMARY, "phase 6: every read is served by new");
        phase.enter(name);
        stay();
    }

    private void leaveLegacy() {
        report.step("legacy is left");
        REPOSITORIES.forEach(repository -> journal.moving(repository, Stage.NEW_ONLY.name()));
        awaitEarlierMarks();
        move(REPOSITORIES, Stage.NEW_ONLY, "phase 8");
        phase.enter("NEW_ONLY");
        report.step("indexes concurrently, analyze");
        Script.NEW_INDEXES.run(pool, schemas);
        stay();
    }

    /**
     * Traffic under REPEATABLE READ always makes new marks, so what is awaited is the end of those of now. Before legacy
     * is left it matters: marks fall with the side, and what was written before the journal said so must be on it.
     */
    private void awaitEarlierMarks() {
        JdbcTemplate jdbc = new JdbcTemplate(pool);
        Long last = jdbc.queryForObject("select coalesce(max(id), 0) from changeover.mark", Long.class);
        String sql = "select count(*) from changeover.mark where id <= " + last;
        await(() -> Objects.requireNonNull(jdbc.queryForObject(sql, Long.class)) == 0, "marks are left");
    }

    private void verifyAll(String when) {
        verify(wiring.users, when);
        verify(wiring.rooms, when);
        verify(wiring.auditLogs, when);
    }

    private <K, V> void verify(ComparedRepository<K, V> repository, String when) {
        VerificationResult<K> result = Verification.of(pool, repository)
                .divergences(wiring.divergences)
                .progress(p -> report.bar("verify " + repository.name(), p.keys(), p.estimated(), when, false))
                .build()
                .run();
        verifications.put(repository.name(), result);
        report.line("verify " + repository.name() + " " + when + ": " + result.verdict() + " " + result.counts());
        if (result.verdict() == Verdict.DIVERGED || result.verdict() == Verdict.ERROR) {
            throw new IllegalStateException("the sides differ: " + result.divergences() + result.errors());
        }
    }

    /** A move is refused while instances have not seen the last one, or writers hold marks or fences: try again. */
    private void move(List<String> repositories, Stage stage, String reason) {
        await(
                () -> {
                    try {
                        changeover().stages().moveTogether(repositories, stage, ACTOR, reason);
                        return true;
                    } catch (MoveRefusedException refused) {
                        report.line("refused for now: " + refused.getMessage());
                        return false;
                    }
                },
                "the move to " + stage + " did not get through");
    }

    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition, String failure) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(failure);
            }
            sleep(Duration.ofMillis(200));
        }
    }

    /** Returns the last verification of each repository. */
    List<VerificationResult<?>> verifications() {
        return List.copyOf(verifications.values());
    }

    private void stay() {
        sleep(stay);
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Changeover changeover() {
        return wiring.changeover;
    }
}
