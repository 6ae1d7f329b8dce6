package dev.changeover.legacyadapter.retire;

import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.GateResult.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether legacy may go, a line for each thing that has to be so. */
final class RetirementGates {

    /** A verification that is older than this at the move to NEW_ONLY says little about what was left behind then. */
    private static final Duration VERIFIED_BEFORE = Duration.ofDays(1);

    private final String repository;
    private final Duration quiet;
    private final Duration soak;

    RetirementGates(String repository, Duration quiet, Duration soak) {
        this.repository = repository;
        this.quiet = quiet;
        this.soak = soak;
    }

    GateReport before(RetirementStep step, RetirementFacts facts) {
        List<GateResult> results = new ArrayList<>();
        if (step == RetirementStep.RENAME || step == RetirementStep.RENAME_BARE) {
            results.addAll(List.of(alone(facts), verified(facts), unused(facts, quiet), backup(facts)));
        } else if (step == RetirementStep.DROP) {
            results.addAll(List.of(
                    alone(facts),
                    verified(facts),
                    unused(facts, quiet),
                    backup(facts),
                    soaked(facts),
                    independent(facts),
                    empty(facts)));
        }
        return new GateReport(repository, "legacy: " + step, results);
    }

    private static GateResult alone(RetirementFacts facts) {
        String value = facts.shared() ? "both sides use the same tables" : facts.stage() + since(facts.aloneSince());
        boolean alone = facts.stage().equals("NEW_ONLY") && !facts.shared();
        return result("new alone", alone, value, "NEW_ONLY", "Move to NEW_ONLY", null);
    }

    private static GateResult verified(RetirementFacts facts) {
        String gate = "verified before";
        String limit = "MATCH, at most " + shown(VERIFIED_BEFORE) + " before NEW_ONLY";
        Instant alone = facts.aloneSince();
        Instant at = facts.verifiedAt();
        String remedy = "Go a step back, reseed legacy, verify, and move again";
        if (alone == null || at == null || facts.verified() == null) {
            return new GateResult(gate, Verdict.UNKNOWN, "nobody verified both sides", limit, remedy, null);
        }
        Duration before = Duration.between(at, alone);
        boolean good = facts.verified().equals("MATCH") && before.compareTo(VERIFIED_BEFORE) <= 0;
        return result(gate, good, facts.verified() + ", " + shown(before) + " before", limit, remedy, null);
    }

    private static GateResult unused(RetirementFacts facts, Duration quiet) {
        String gate = "legacy unused";
        String limit = "neither read nor written for " + shown(quiet);
        Instant since = facts.now().minus(quiet);
        List<LegacyUse> within =
                facts.use().stream().filter(use -> use.to().isAfter(since)).toList();
        LegacyUse used = last(within, false);
        if (used != null) {
            return result(
                    gate,
                    false,
                    used.shown(),
                    limit,
                    "Find who it is, and wait",
                    used.to().plus(quiet));
        }
        LegacyUse lost = last(within, true);
        if (lost != null) {
            String value = "the statistics were reset between " + lost.from() + " and " + lost.to();
            return new GateResult(
                    gate, Verdict.UNKNOWN, value, limit, "Wait", lost.to().plus(quiet));
        }
        Instant first = facts.use().isEmpty() ? facts.now() : facts.use().get(0).from();
        if (first.isAfter(since)) {
            String value = facts.use().size() < 2 && within.isEmpty()
                    ? "nobody has looked yet"
                    : "unused for " + shown(Duration.between(first, facts.now())) + ", longer nobody has looked";
            return new GateResult(gate, Verdict.UNKNOWN, value, limit, "Wait", first.plus(quiet));
        }
        return ownReads(gate, facts, within, quiet, limit);
    }

    /** While the library itself reads it is not seen who else does. */
    private static GateResult ownReads(
            String gate, RetirementFacts facts, List<LegacyUse> within, Duration quiet, String limit) {
        Duration own = within.stream()
                .filter(use -> use.own() && use.reads() > 0)
                .map(use -> Duration.between(use.from(), use.to()))
                .reduce(Duration.ZERO, Duration::plus);
        String value = "unused since " + within.get(0).from()
                + (own.isZero() ? "" : ", but for " + shown(own) + " in which the library itself read it");
        boolean seen = own.multipliedBy(2).compareTo(quiet) < 0;
        return seen
                ? new GateResult(gate, Verdict.PASS, value, limit, null, null)
                : new GateResult(
                        gate,
                        Verdict.UNKNOWN,
                        value,
                        limit,
                        "Let verifications rest, and wait",
                        facts.now().plus(quiet));
    }

    private static @Nullable LegacyUse last(List<LegacyUse> all, boolean lost) {
        LegacyUse found = null;
        for (LegacyUse use : all) {
            if (lost ? use.lost() : use.used()) {
                found = use;
            }
        }
        return found;
    }

    private static GateResult backup(RetirementFacts facts) {
        Instant at = facts.backedUpAt();
        Instant alone = facts.aloneSince();
        LegacyUse lacking = at == null ? null : lacking(facts, at);
        String value = at == null ? "none" : "begun at " + at + " and checked, in " + facts.backup();
        if (lacking != null) {
            value += lacking.lost() ? ", and the statistics were reset since" : ", and since " + lacking.shown();
        }
        boolean good = at != null && alone != null && at.isAfter(alone) && lacking == null;
        return result(
                "backup",
                good,
                value,
                "written and restored since NEW_ONLY and the last write",
                "changeover retire .. --step backup",
                null);
    }

    /** What the backup may lack: rows that were written after it, or while nobody counted. */
    private static @Nullable LegacyUse lacking(RetirementFacts facts, Instant begun) {
        return facts.use().stream()
                .filter(use -> use.to().isAfter(begun) && (use.lost() || use.writes() > 0))
                .findFirst()
                .orElse(null);
    }

    private GateResult soaked(RetirementFacts facts) {
        String limit = "renamed for " + shown(soak);
        Instant at = facts.retiredAt();
        if (facts.retired() == null || at == null) {
            return result("renamed", false, "not renamed", limit, "changeover retire .. --step rename", null);
        }
        Duration since = Duration.between(at, facts.now());
        String value = (facts.retired().equals("VIEW") ? "behind a view for " : "for ") + shown(since);
        return result("renamed", since.compareTo(soak) >= 0, value, limit, "Wait", at.plus(soak));
    }

    private static GateResult independent(RetirementFacts facts) {
        List<String> dependents = facts.dependents();
        String value = dependents.isEmpty() ? "none" : String.join(", ", dependents);
        return result("dependents", dependents.isEmpty(), value, "none", "Drop or change them first", null);
    }

    private static GateResult empty(RetirementFacts facts) {
        String value = facts.inThem() == null ? "nobody" : facts.inThem();
        return result("in the tables now", facts.inThem() == null, value, "nobody", "End these transactions", null);
    }

    private static GateResult result(
            String gate, boolean passed, String value, String limit, String missing, @Nullable Instant until) {
        return passed
                ? new GateResult(gate, Verdict.PASS, value, limit, null, null)
                : new GateResult(gate, Verdict.FAIL, value, limit, missing, until);
    }

    private static String since(@Nullable Instant instant) {
        return instant == null ? "" : " since " + instant;
    }

    private static String shown(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 86_400) {
            return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
        }
        return seconds >= 3600 ? seconds / 3600 + " h " + seconds % 3600 / 60 + " min" : seconds / 60 + " min";
    }
}
