package dev.changeover.examples;

import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GateReport;
import dev.changeover.examples.next.Release;
import dev.changeover.examples.workload.Workload;
import dev.changeover.shadowcompare.Decision;
import dev.changeover.shadowcompare.DivergenceFilter;
import dev.changeover.shadowcompare.DivergenceGroup;
import dev.changeover.shadowcompare.DivergenceReview;
import dev.changeover.shadowcompare.Repair;
import dev.changeover.shadowcompare.RepairResult;
import dev.changeover.shadowcompare.Verification;
import dev.changeover.shadowcompare.VerificationResult;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * What a team does when a gate stops it: it reads what is missing, looks at the divergences, mends the new code, deploys
 * it, says so in the review, verifies, and repairs what the fault has left.
 */
final class Mend {

    private static final String OWNER = "rooms team";
    private static final String TICKET = "CONF-4711";
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration QUIET = Duration.ofMillis(1500);

    private final DataSource pool;
    private final Wiring wiring;
    private final Workload workload;
    private final Releases releases;
    private final Report report;
    private final Phase phase;
    private final DivergenceReview review;
    private String lastMissing = "";
    private int stops;

    Mend(DataSource pool, Wiring wiring, Workload workload, Releases releases, Report report, Phase phase) {
        this.pool = pool;
        this.wiring = wiring;
        this.workload = workload;
        this.releases = releases;
        this.report = report;
        this.phase = phase;
        this.review = DivergenceReview.open(pool);
    }

    /** How often divergences have stopped a move. */
    int stops() {
        return stops;
    }

    /** A gate is closed: does something about it if it is for divergences; everything else comes with the traffic. */
    void stopped(GateNotMetException closed) {
        tell(closed);
        List<DivergenceGroup> open = unreviewed();
        if (open.isEmpty()) {
            return;
        }
        stops++;
        if (releases.get() == Release.TWO) {
            open.forEach(this::tell);
            throw new IllegalStateException("release 2 was to have no divergence");
        }
        mend();
    }

    /** The gate is asked again and again while it waits for traffic: each state of it once. */
    private void tell(GateNotMetException closed) {
        String gates = closed.reports().stream()
                .flatMap(each -> each.open().stream().map(gate -> each.repository() + gate.gate()))
                .toList()
                .toString();
        if (!gates.equals(lastMissing)) {
            closed.reports().forEach(this::tell);
        }
        lastMissing = gates;
    }

    private void tell(GateReport closed) {
        closed.missing()
                .lines()
                .forEach(line ->
                        report.line("gate closed: " + closed.repository() + ", " + closed.move() + ": " + line));
    }

    private void mend() {
        point("divergence open");
        Waiting.until(this::seenBothWays, PATIENCE, "rehearsals or shadow reads have not found the fault of release 1");
        unreviewed().forEach(this::tell);
        point("fault found");
        report.step("the fault is mended: release 2 of the new code is deployed");
        releases.deploy(Release.TWO);
        // every call of release 1 has ended then, and soon what was seen of them is stored
        workload.deploy(wiring.ports);
        awaitQuiet();
        point("fault mended");
        List<DivergenceGroup> mended = unreviewed();
        Decision fixed = Decision.fixed().owner(OWNER).ticket(TICKET);
        review.decide(mended, fixed, "example", "a cast rounded the duration where legacy cuts; release 2 cuts");
        report.line("reviewed as FIXED: " + mended.size() + " divergences, owner " + OWNER + ", ticket " + TICKET);
        point("fault reviewed");
        repair();
    }

    private void point(String name) {
        report.point(phase.get(), name);
    }

    private List<DivergenceGroup> unreviewed() {
        wiring.evidence.divergences.groups();
        return review.list(DivergenceFilter.ALL.unreviewed());
    }

    private boolean seenBothWays() {
        List<String> seen =
                unreviewed().stream().map(DivergenceGroup::operation).distinct().toList();
        return seen.contains("endAll")
                && Stream.of("findWithOwner", "findByStatus").anyMatch(seen::contains);
    }

    private void tell(DivergenceGroup group) {
        DivergenceGroup.Sample sample = group.samples().get(0);
        report.line(
                "divergence " + group.id() + ": " + group.repository() + "." + group.operation() + " " + group.path()
                        + " " + group.kind() + ", " + group.count() + " times, such as " + sample.key() + ": legacy "
                        + sample.authority() + ", new " + sample.follower());
    }

    private void awaitQuiet() {
        long[] last = {-1, System.nanoTime()};
        Waiting.until(
                () -> {
                    long now = unreviewed().stream()
                            .mapToLong(DivergenceGroup::count)
                            .sum();
                    if (now != last[0] || !wiring.evidence.shadow.idle()) {
                        last[0] = now;
                        last[1] = System.nanoTime();
                    }
                    return System.nanoTime() - last[1] > QUIET.toNanos();
                },
                PATIENCE,
                "divergences of release 1 are still coming in");
    }

    /** The copies carry states and never ran the new method, so as a rule there is nothing. */
    private void repair() {
        VerificationResult<UUID> found = Verification.of(pool, wiring.rooms)
                .divergences(wiring.evidence.divergences)
                .progress(p -> report.bar("verify rooms", p.keys(), p.estimated(), "after the mend", false))
                .build()
                .run();
        Repair<UUID, ?> repair = Repair.of(pool, wiring.rooms);
        RepairResult<UUID> repaired = repair.run(repair.plan(found), "example", "after the mend", PATIENCE);
        report.line("verify rooms after the mend: " + found.verdict() + " " + found.counts());
        int left = repaired.marked().size() + repaired.different().size();
        report.line("repair rooms: " + repaired.plan().changes().size() + " rows differed, " + left + " are left");
        if (!repaired.done()) {
            throw new IllegalStateException("the repair left " + repaired);
        }
    }
}
