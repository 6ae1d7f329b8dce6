package dev.changeover.core.gate;

import dev.changeover.core.InstanceStatus;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The gates that need nothing but the control schema. */
public final class StandardGates {

    private StandardGates() {}

    /** New holds every key: its backfill, or its reseed, has come to its end. */
    public static Gate backfillComplete() {
        return new NamedGate("backfill complete", (gate, facts) -> {
            boolean complete = facts.status().state().backfilled()
                    && facts.status().state().stale() == null;
            return complete
                    ? GateResult.pass(gate, "complete", "complete")
                    : GateResult.fail(gate, "not complete", "complete", "Run the backfill to its end");
        });
    }

    /** No key was tried so often that it waits for a person. */
    public static Gate nothingParked() {
        return new NamedGate("nothing parked", (gate, facts) -> {
            long parked = facts.status().parked();
            return parked == 0
                    ? GateResult.pass(gate, "0 keys", "0 keys")
                    : GateResult.fail(
                            gate, parked + " keys", "0 keys", "See changeover.attempt for why, mend it, retryParked");
        });
    }

    /** The oldest mark is younger than this: the follower keeps up. */
    public static Gate oldestMarkAtMost(Duration age) {
        NamedGate.positive("oldestMarkAtMost", age);
        return new NamedGate("marks drained", (gate, facts) -> {
            RepositoryStatus status = facts.status();
            Instant oldest = status.oldestMark();
            if (oldest == null) {
                return GateResult.pass(gate, "no mark", "none older than " + NamedGate.shown(age));
            }
            Duration old = Duration.between(oldest, facts.now());
            String value = status.marks() + " marks, the oldest of " + NamedGate.shown(old);
            return old.compareTo(age) <= 0
                    ? GateResult.pass(gate, value, "none older than " + NamedGate.shown(age))
                    : GateResult.fail(
                            gate,
                            value,
                            "none older than " + NamedGate.shown(age),
                            "Let the drain catch up, or see why it fails");
        });
    }

    /** Every live instance has acknowledged the present stage and percentage. */
    public static Gate everyInstanceOnTheEpoch() {
        return new NamedGate("instances on the epoch", (gate, facts) -> {
            List<InstanceStatus> behind = facts.status().behind();
            return behind.isEmpty()
                    ? GateResult.pass(gate, live(facts) + " of " + live(facts), "all that live")
                    : GateResult.fail(
                                    gate,
                                    behind.size() + " of " + live(facts) + " behind",
                                    "all that live",
                                    "Wait for " + behind.get(0).instance() + ", or for the end of its lease")
                            .until(behind.get(0).leaseUntil());
        });
    }

    private static long live(GateFacts facts) {
        return facts.status().instances().stream().filter(InstanceStatus::live).count();
    }

    /** Nobody has written round the library for so long. Without sentinels nobody would know. */
    public static Gate noForeignChangeFor(Duration quiet) {
        NamedGate.positive("noForeignChangeFor", quiet);
        return new NamedGate("foreign writers", (gate, facts) -> {
            String limit = "none for " + NamedGate.shown(quiet);
            Instant last = facts.lastForeignChange();
            if (facts.status().watched().isEmpty()) {
                return GateResult.unknown(
                        gate, "no sentinels", limit, "Install sentinels: without them nobody sees who writes round it");
            } else if (last == null) {
                return GateResult.pass(gate, "none", limit);
            }
            Duration since = Duration.between(last, facts.now());
            return since.compareTo(quiet) >= 0
                    ? GateResult.pass(gate, "the last " + NamedGate.shown(since) + " ago", limit)
                    : GateResult.fail(
                                    gate,
                                    "the last " + NamedGate.shown(since) + " ago",
                                    limit,
                                    "See changeover.foreign_writers for who it is, and move them to the library")
                            .until(last.plus(quiet));
        });
    }

    /** New has a method for every operation. */
    public static Gate everyOperationPorted() {
        return new NamedGate("operations ported", (gate, facts) -> {
            List<String> left = facts.legacyOnly();
            return left.isEmpty()
                    ? GateResult.pass(gate, "all", "all")
                    : GateResult.fail(gate, left.size() + " left: " + String.join(", ", left), "all", "Write them");
        });
    }

    /** Stage and percentage have been as they are for so long. */
    public static Gate soaked(Duration time) {
        NamedGate.positive("soaked", time);
        return new NamedGate("soak time", (gate, facts) -> {
            Duration unchanged = facts.unchangedFor();
            if (unchanged == null) {
                return GateResult.pass(gate, "never changed", NamedGate.shown(time));
            }
            return unchanged.compareTo(time) >= 0
                    ? GateResult.pass(gate, NamedGate.shown(unchanged), NamedGate.shown(time))
                    : GateResult.fail(
                                    gate,
                                    NamedGate.shown(unchanged),
                                    NamedGate.shown(time),
                                    "Wait " + NamedGate.shown(time.minus(unchanged)))
                            .until(facts.now().plus(time).minus(unchanged));
        });
    }

    /** A step back has been done at least once, so that the team knows that it works and how long it takes. */
    public static Gate rollbackRehearsed() {
        return new NamedGate("rollback rehearsed", (gate, facts) -> {
            HistoryStep back = facts.last(StandardGates::wentBack);
            return back == null
                    ? GateResult.fail(gate, "never", "once", "Go a step back and forward again")
                    : GateResult.pass(gate, back.before() + " -> " + back.after() + " at " + back.at(), "once");
        });
    }

    private static boolean wentBack(HistoryStep step) {
        if (step.before() == null || step.after() == null) {
            return false;
        } else if (step.action().equals("PERCENT")) {
            return Integer.parseInt(step.after()) < Integer.parseInt(step.before());
        }
        return step.action().equals("MOVE") && Stage.valueOf(step.after()).compareTo(Stage.valueOf(step.before())) < 0;
    }

    /** A person has said so, with {@link Gates#attest}, and it has not run out: a backup, an approval. */
    public static Gate attested(String what) {
        return new NamedGate("attested: " + what, (gate, facts) -> {
            HistoryStep said = facts.last(step -> step.action().equals("ATTEST") && what.equals(step.before()));
            if (said == null || said.after() == null) {
                return GateResult.unknown(gate, "nobody has said so", "said and valid", "attest(\"" + what + "\", ..)");
            }
            return attested(gate, facts, said, Instant.parse(said.after()));
        });
    }

    private static GateResult attested(Gate gate, GateFacts facts, HistoryStep said, Instant validUntil) {
        String value = "by " + said.actor() + ", valid until " + validUntil;
        return validUntil.isAfter(facts.now())
                ? GateResult.pass(gate, value, "said and valid")
                : GateResult.fail(gate, value, "said and valid", "Look again, and attest it anew");
    }
}
