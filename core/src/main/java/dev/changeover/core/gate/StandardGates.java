package dev.changeover.core.gate;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.InstanceStatus;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

/** The gates that need nothing but the control schema. */
public final class StandardGates {

    private StandardGates() {}

    private record Named(String name, BiFunction<Gate, GateFacts, GateResult> rule) implements Gate {
        @Override
        public GateResult check(GateFacts facts) {
            return rule.apply(this, facts);
        }
    }

    /** New holds every key: its backfill, or its reseed, has come to its end. */
    public static Gate backfillComplete() {
        return new Named("backfill complete", (gate, facts) -> {
            boolean complete = facts.status().state().backfilled()
                    && facts.status().state().stale() == null;
            return complete
                    ? GateResult.pass(gate, "complete", "complete")
                    : GateResult.fail(gate, "not complete", "complete", "Run the backfill to its end");
        });
    }

    /** No key was tried so often that it waits for a person. */
    public static Gate nothingParked() {
        return new Named("nothing parked", (gate, facts) -> {
            long parked = facts.status().parked();
            return parked == 0
                    ? GateResult.pass(gate, "0 keys", "0 keys")
                    : GateResult.fail(
                            gate, parked + " keys", "0 keys", "See changeover.attempt for why, mend it, retryParked");
        });
    }

    /** The oldest mark is younger than this: the follower keeps up. */
    public static Gate oldestMarkAtMost(Duration age) {
        positive("oldestMarkAtMost", age);
        return new Named("marks drained", (gate, facts) -> {
            RepositoryStatus status = facts.status();
            Instant oldest = status.oldestMark();
            if (oldest == null) {
                return GateResult.pass(gate, "no mark", "none older than " + shown(age));
            }
            Duration old = Duration.between(oldest, facts.now());
            String value = status.marks() + " marks, the oldest of " + shown(old);
            return old.compareTo(age) <= 0
                    ? GateResult.pass(gate, value, "none older than " + shown(age))
                    : GateResult.fail(
                            gate,
                            value,
                            "none older than " + shown(age),
                            "Let the drain catch up, or see why it fails");
        });
    }

    /** Every live instance has acknowledged the present stage and percentage. */
    public static Gate everyInstanceOnTheEpoch() {
        return new Named("instances on the epoch", (gate, facts) -> {
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
        positive("noForeignChangeFor", quiet);
        return new Named("foreign writers", (gate, facts) -> {
            String limit = "none for " + shown(quiet);
            Instant last = facts.lastForeignChange();
            if (facts.status().watched().isEmpty()) {
                return GateResult.unknown(
                        gate, "no sentinels", limit, "Install sentinels: without them nobody sees who writes round it");
            } else if (last == null) {
                return GateResult.pass(gate, "none", limit);
            }
            Duration since = Duration.between(last, facts.now());
            return since.compareTo(quiet) >= 0
                    ? GateResult.pass(gate, "the last " + shown(since) + " ago", limit)
                    : GateResult.fail(
                                    gate,
                                    "the last " + shown(since) + " ago",
                                    limit,
                                    "See changeover.foreign_writers for who it is, and move them to the library")
                            .until(last.plus(quiet));
        });
    }

    /** New has a method for every operation. */
    public static Gate everyOperationPorted() {
        return new Named("operations ported", (gate, facts) -> {
            List<String> left = facts.legacyOnly();
            return left.isEmpty()
                    ? GateResult.pass(gate, "all", "all")
                    : GateResult.fail(gate, left.size() + " left: " + String.join(", ", left), "all", "Write them");
        });
    }

    /** Stage and percentage have been as they are for so long. */
    public static Gate soaked(Duration time) {
        positive("soaked", time);
        return new Named("soak time", (gate, facts) -> {
            Duration unchanged = facts.unchangedFor();
            if (unchanged == null) {
                return GateResult.pass(gate, "never changed", shown(time));
            }
            return unchanged.compareTo(time) >= 0
                    ? GateResult.pass(gate, shown(unchanged), shown(time))
                    : GateResult.fail(gate, shown(unchanged), shown(time), "Wait " + shown(time.minus(unchanged)))
                            .until(facts.now().plus(time).minus(unchanged));
        });
    }

    /** A step back has been done at least once, so that the team knows that it works and how long it takes. */
    public static Gate rollbackRehearsed() {
        return new Named("rollback rehearsed", (gate, facts) -> {
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
        return new Named("attested: " + what, (gate, facts) -> {
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

    private static void positive(String gate, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new ConfigurationException("gates." + gate, "it is " + duration, "Give a positive duration");
        }
    }

    /** Durations as people say them: the two largest units. */
    static String shown(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 86_400) {
            return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
        } else if (seconds >= 3600) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds >= 60 ? seconds / 60 + " min " + seconds % 60 + " s" : seconds + " s";
    }
}
