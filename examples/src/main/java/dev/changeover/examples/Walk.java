package dev.changeover.examples;

import dev.changeover.core.Changeover;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.core.backfill.Preflight;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.Script;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.workload.Visits;
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
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The guide from its second phase to its seventh, one repository after the other, while traffic runs. */
final class Walk implements Course {

    static final List<String> REPOSITORIES = List.of("users", "rooms", "audit_logs");

    /** The phase in which new is to serve every eligible read. */
    static final String AT_100 = "RAMP_100";

    /** The first phase in which new leads. */
    static final String FLIPPED = "NEW_PRIMARY";

    private static final String ACTOR = "example";
    private static final long PREFLIGHT_KEYS = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final DataSource pool;
    private final Schemas schemas;
    private final Wiring wiring;
    private final Workload workload;
    private final Journal journal;
    private final Phase phase;
    private final Report report;
    private final Duration stay;
    private final Position position;
    private final Mend mend;
    private final Supplier<Visits> newcomers;
    private final Map<String, VerificationResult<?>> verifications = new LinkedHashMap<>();

    Walk(
            DataSource pool,
            Schemas schemas,
            Wiring wiring,
            Workload workload,
            Journal journal,
            Phase phase,
            Report report,
            Duration stay,
            Releases releases,
            Supplier<Visits> newcomers) {
        this.pool = pool;
        this.schemas = schemas;
        this.wiring = wiring;
        this.workload = workload;
        this.journal = journal;
        this.phase = phase;
        this.report = report;
        this.stay = stay;
        this.position = new Position(wiring.changeover.stages());
        this.mend = new Mend(pool, wiring, workload, releases, report, phase);
        this.newcomers = newcomers;
    }

    /** From where the repositories are: what an earlier life has done is left out. */
    @Override
    public void run() {
        watch();
        dualWrite();
        verifyAll("after the backfill");
        shadow();
        ramp();
        backAndForth();
        Waiting.until(() -> verifyAll("before legacy is left"), PATIENCE, "both sides do not verify as equal");
        leaveLegacy();
    }

    /** Before anything is copied: from then on no writer that has never heard of the library is overlooked. */
    private void watch() {
        if (!position.passed()) {
            report.step("sentinels on both sides");
            point("sentinels");
            REPOSITORIES.forEach(repository ->
                    Waiting.until(() -> watched(repository), PATIENCE, "no sentinels got through to " + repository));
        }
    }

    private boolean watched(String repository) {
        try {
            changeover()
                    .sentinels()
                    .install(repository, Strangers.REFUSE, ACTOR, "the old build runs on beside the new one");
            return true;
        } catch (MoveRefusedException refused) {
            report.line("refused for now: " + refused.getMessage());
            return false;
        }
    }

    /** A child is written on new when its parents are there: each repository is filled before the next begins. */
    private void dualWrite() {
        enter("DUAL_WRITE", position.passed(1));
        for (String repository : REPOSITORIES) {
            preflight(repository);
            move(List.of(repository), Stage.DUAL_WRITE, "phase 2: the schema is there");
            backfill(repository);
        }
        if (!position.passed()) {
            awaitEarlierMarks();
        }
        workload.letOwnersLeave();
        stay();
    }

    /** What the copy would meet, before anything is written. */
    private void preflight(String repository) {
        if (!position.backfilled(repository)) {
            Preflight preflight = changeover().backfill(repository).preflight(PREFLIGHT_KEYS, walked -> {});
            report.line(String.format(
                    "preflight %s: %,d of about %,d rows tried, about %d s to copy",
                    repository,
                    preflight.walked(),
                    preflight.rows(),
                    preflight.estimated().toSeconds()));
            preflight.lines().forEach(line -> report.line("preflight " + repository + ": " + line));
        }
    }

    private void backfill(String repository) {
        if (!position.backfilled(repository)) {
            report.step("dual write: " + repository);
            point("backfill " + repository);
            changeover().backfill(repository).run(report::progress);
            point("backfilled " + repository);
        }
    }

    private void shadow() {
        enter("SHADOW", position.passed(1));
        REPOSITORIES.forEach(repository -> move(List.of(repository), Stage.SHADOW, "the sides are equal"));
        stay();
    }

    private void ramp() {
        move(REPOSITORIES, Stage.RAMP, "no difference under traffic");
        for (int percent : new int[] {10, 25, 50, 100}) {
            if (!position.passed(REPOSITORIES, percent)) {
                percent(percent);
                enter("RAMP_" + percent, false);
                stay();
            }
        }
    }

    private void percent(int percent) {
        if (!position.has(REPOSITORIES, percent)) {
            report.step("new serves " + percent + " % of the reads");
            point("percent " + percent);
            Waiting.until(() -> raised(percent), PATIENCE, "the gates of " + percent + " % stay closed");
        }
    }

    private boolean raised(int percent) {
        try {
            changeover().stages().percent(REPOSITORIES, percent, ACTOR, "phase 6");
            return true;
        } catch (GateNotMetException closed) {
            mend.stopped(closed);
            return false;
        }
    }

    private void backAndForth() {
        // Hibernate may not change managed objects behind the repositories any more: new is about to lead
        workload.stopDirtyChecking();
        moveAndStay(Stage.NEW_PRIMARY, "phase 6: every read is served by new", FLIPPED);
        moveAndStay(Stage.RAMP, "to see that we can", "BACK_AT_RAMP");
        moveAndStay(Stage.NEW_PRIMARY, "phase 6: every read is served by new", "NEW_PRIMARY_AGAIN");
    }

    private void moveAndStay(Stage stage, String reason, String name) {
        move(REPOSITORIES, stage, reason);
        enter(name, position.passed());
        stay();
    }

    private void leaveLegacy() {
        if (!position.passed()) {
            REPOSITORIES.forEach(repository -> journal.moving(repository, Stage.NEW_ONLY.name()));
            awaitEarlierMarks();
        }
        move(REPOSITORIES, Stage.NEW_ONLY, "phase 8");
        enter("NEW_ONLY", position.passed());
        report.step("indexes concurrently, analyze");
        point("indexes");
        Script.NEW_INDEXES.run(pool, schemas);
        Visits visits = newcomers.get();
        try (Visits running = visits.start()) {
            stay();
        }
        report.line(visits.check() + " visits and recordings in the tables that legacy never had");
    }

    /** A phase begins, unless an earlier life has left it already. */
    private void enter(String name, boolean passed) {
        if (!passed) {
            journal.phase(name);
            phase.enter(name);
        }
    }

    /**
     * Traffic under REPEATABLE READ always makes new marks, so what is awaited is the end of those of now. Before legacy
     * is left it matters: marks fall with the side, and what was written before the journal said so must be on it.
     */
    private void awaitEarlierMarks() {
        JdbcTemplate jdbc = new JdbcTemplate(pool);
        Long last = jdbc.queryForObject("select coalesce(max(id), 0) from changeover.mark", Long.class);
        String sql = "select count(*) from changeover.mark where id <= " + last;
        point("marks");
        Waiting.until(
                () -> Objects.requireNonNull(jdbc.queryForObject(sql, Long.class)) == 0, PATIENCE, "marks are left");
    }

    /** Returns whether every key could be compared and is equal: under traffic some may always be marked. */
    private boolean verifyAll(String when) {
        return position.passed()
                || (verify(wiring.users, when) & verify(wiring.rooms, when) & verify(wiring.auditLogs, when));
    }

    private <K, V> boolean verify(ComparedRepository<K, V> repository, String when) {
        point("verify " + repository.name());
        Verification.Builder<K, V> verification = Verification.of(pool, repository)
                .divergences(wiring.evidence.divergences)
                .progress(p -> report.bar("verify " + repository.name(), p.keys(), p.estimated(), when, false));
        Invariants.of(repository.name(), schemas).forEach(verification::invariant);
        VerificationResult<K> result = verification.build().run();
        verifications.put(repository.name(), result);
        report.line("verify " + repository.name() + " " + when + ": " + result.verdict() + " " + result.counts());
        result.invariants()
                .forEach(each -> report.line(
                        "verify " + repository.name() + " " + when + ": " + each.name() + ": " + each.state()));
        if (result.verdict() == Verdict.DIVERGED || result.verdict() == Verdict.ERROR) {
            throw new IllegalStateException("the sides differ: " + result.divergences() + result.errors());
        }
        return result.verdict() == Verdict.MATCH;
    }

    /** A move is refused while instances have not seen the last one, or writers hold marks or fences: try again. */
    private void move(List<String> repositories, Stage stage, String reason) {
        List<String> left = position.notMoved(repositories);
        if (left.isEmpty()) {
            return;
        }
        String names = String.join("+", left);
        report.step(names + " to " + stage);
        point("move " + names + " to " + stage);
        Waiting.until(() -> moved(left, stage, reason), PATIENCE, "the move to " + stage + " did not get through");
        point("moved " + names + " to " + stage);
    }

    private boolean moved(List<String> repositories, Stage stage, String reason) {
        try {
            changeover().stages().moveTogether(repositories, stage, ACTOR, reason);
            return true;
        } catch (MoveRefusedException refused) {
            report.line("refused for now: " + refused.getMessage());
            return false;
        } catch (GateNotMetException closed) {
            mend.stopped(closed);
            return false;
        }
    }

    /** Returns how often divergences have stopped a move. */
    @Override
    public int gateStops() {
        return mend.stops();
    }

    /** Returns the last verification of each repository. */
    @Override
    public List<VerificationResult<?>> verifications() {
        return List.copyOf(verifications.values());
    }

    private void stay() {
        if (!position.passed()) {
            point("stay");
            Waiting.pass(stay);
        }
    }

    private void point(String name) {
        report.point(phase.get(), name);
    }

    private Changeover changeover() {
        return wiring.changeover;
    }
}
