package dev.changeover.core.gate;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.measure.CallCount;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The gates that need what was measured: the builder's {@code measurements}, shadow reads, rehearsals, verifications.
 * Where nothing was measured they say UNKNOWN.
 */
public final class EvidenceGates {

    private EvidenceGates() {}

    /**
     * A verification of the whole repository found no difference, began at most so long ago, and not before both sides
     * were last written.
     */
    public static Gate verified(Duration within) {
        NamedGate.positive("verified", within);
        return new NamedGate("verified", (gate, facts) -> {
            String limit = "MATCH, at most " + NamedGate.shown(within) + " ago";
            LastVerification last = facts.measured().verification();
            if (last == null || !last.startedAt().isAfter(writtenOnBothSidesSince(facts))) {
                return GateResult.unknown(gate, "never since both sides are written", limit, "Run a verification");
            }
            Duration age = Duration.between(last.startedAt(), facts.now());
            String value = last.verdict() + ", " + NamedGate.shown(age) + " ago, " + last.diverged() + " of "
                    + last.compared() + " keys differ";
            if (last.verdict().equals("MATCH") && age.compareTo(within) <= 0) {
                return GateResult.pass(gate, value, limit);
            }
            boolean clean = last.verdict().equals("MATCH");
            return GateResult.fail(gate, value, limit, clean ? "Verify again" : "Repair, then verify again");
        });
    }

    private static Instant writtenOnBothSidesSince(GateFacts facts) {
        Set<String> alone = Set.of(Stage.LEGACY_ONLY.name(), Stage.NEW_ONLY.name());
        HistoryStep left = facts.last(
                step -> step.action().equals("MOVE") && step.before() != null && alone.contains(step.before()));
        return left == null ? Instant.MIN : left.at();
    }

    /**
     * So many comparisons in a row found no difference that nobody has explained, over so long a time. None in n bounds
     * the share that differs by 3/n, with 95 % confidence (Hanley and Lippman-Hand, 1983).
     */
    public static Gate compared(long count, Duration over) {
        if (count <= 0) {
            throw new ConfigurationException("gates.compared", "it is " + count, "Give at least 1");
        }
        NamedGate.positive("compared", over);
        return new NamedGate("comparisons", (gate, facts) -> {
            CleanComparisons clean = facts.measured().comparisons();
            Instant since = clean.since();
            String limit = count + " clean over " + NamedGate.shown(over);
            if (since == null) {
                return none(gate, clean.diverged(), limit);
            }
            Duration span = Duration.between(since, facts.now());
            String value = String.format(
                    Locale.ROOT,
                    "%d clean over %s: at most %.3f %% differ",
                    clean.compared(),
                    NamedGate.shown(span),
                    100 * clean.bound());
            if (clean.compared() >= count && span.compareTo(over) >= 0) {
                return GateResult.pass(gate, value, limit);
            }
            return missing(
                    GateResult.fail(gate, value, limit, more(count - clean.compared(), clean)),
                    clean,
                    count,
                    over,
                    facts);
        });
    }

    /** Comparisons are counted by the minute, and the one in which something diverged is not clean. */
    private static GateResult none(Gate gate, @Nullable Instant diverged, String limit) {
        if (diverged == null) {
            return GateResult.unknown(
                    gate,
                    "none",
                    limit,
                    "Let traffic run; if nothing is ever compared, switch on measurements, shadow reads, rehearsals");
        }
        return GateResult.unknown(
                gate,
                "none since the divergence of " + diverged.truncatedTo(ChronoUnit.SECONDS),
                limit,
                "Let traffic run: comparisons count again from the minute after it, or since the one before it if it is"
                        + " explained");
    }

    private static String more(long missing, CleanComparisons clean) {
        if (missing <= 0) {
            return "Wait";
        }
        return missing + " more comparisons"
                + (clean.lastHour() == 0 ? "" : ", about " + NamedGate.shown(time(missing, clean)) + " at this rate");
    }

    private static Duration time(long missing, CleanComparisons clean) {
        return Duration.ofSeconds((long) Math.ceil(3600.0 * missing / clean.lastHour()));
    }

    /** Nothing is foretold while nothing was compared for an hour. */
    private static GateResult missing(
            GateResult result, CleanComparisons clean, long count, Duration over, GateFacts facts) {
        Instant since = clean.since();
        long missing = Math.max(0, count - clean.compared());
        if (since == null || (missing > 0 && clean.lastHour() == 0)) {
            return result;
        }
        Instant enough = missing == 0 ? facts.now() : facts.now().plus(time(missing, clean));
        Instant longEnough = since.plus(over);
        return result.until(enough.isAfter(longEnough) ? enough : longEnough);
    }

    /** Somebody has looked at every divergence and explained it, or said that it is fixed. */
    public static Gate noUnreviewedDivergences() {
        return new NamedGate("divergences reviewed", (gate, facts) -> {
            List<String> left = facts.measured().unreviewed();
            return left.isEmpty()
                    ? GateResult.pass(gate, "all", "all")
                    : GateResult.fail(
                            gate,
                            left.size() + " left: " + String.join(", ", left.subList(0, Math.min(5, left.size()))),
                            "all",
                            "See changeover.divergences, and review them");
        });
    }

    /**
     * Each write that new has was rehearsed so often without a difference.
     *
     * @param except writes that are not rehearsed, for a reason that the team knows
     */
    public static Gate everyWriteRehearsed(long times, String... except) {
        Set<String> excepted = Set.copyOf(Arrays.asList(except));
        return new NamedGate("operations rehearsed", (gate, facts) -> {
            String limit = "each " + times + " times";
            List<String> left = facts.measured().rehearsals().entrySet().stream()
                    .filter(each -> each.getValue() < times && !excepted.contains(each.getKey()))
                    .sorted(Map.Entry.comparingByKey())
                    .map(each -> each.getKey() + " (" + each.getValue() + ")")
                    .toList();
            return left.isEmpty()
                    ? GateResult.pass(gate, "all", limit)
                    : GateResult.fail(
                            gate,
                            left.size() + " left: " + String.join(", ", left),
                            limit,
                            "Declare them with rehearses(..), or except them");
        });
    }

    /** New fails at most this much more of the calls of each operation than legacy: 0.001 is one in a thousand. */
    public static Gate failsAtMost(double more, long calls) {
        return beside("error rate", calls, CallCount::failureRate, (next, legacy) -> next - legacy <= more, more, true);
    }

    /** New's p95 is at most so many times legacy's, for each operation. */
    public static Gate slowerAtMost(double times, long calls) {
        return beside(
                "latency",
                calls,
                each -> each.latencies().percentile(0.95),
                (next, legacy) -> next <= times * legacy,
                times,
                false);
    }

    /** Whether what new shows is good enough beside what legacy shows. */
    private interface Rule {
        boolean holds(double next, double legacy);
    }

    /** Compares the operations that both sides have served often enough to be judged. */
    private static Gate beside(
            String name, long calls, ToDoubleFunction<CallCount> of, Rule rule, double allowed, boolean rate) {
        if (calls <= 0 || allowed < 0) {
            throw new ConfigurationException("gates." + name, "a limit is below zero", "Give positive limits");
        }
        return new NamedGate(name, (gate, facts) -> {
            SideBySide sides = new SideBySide(facts.measured().calls(), calls);
            String limit = rate
                    ? String.format(Locale.ROOT, "at most %.2f %% more", 100 * allowed)
                    : String.format(Locale.ROOT, "at most %.1f times", allowed);
            if (sides.pairs().isEmpty()) {
                return GateResult.unknown(
                        gate,
                        sides.most(Side.NEW) + " calls of new, " + sides.most(Side.LEGACY) + " of legacy",
                        limit + " of " + calls + " calls",
                        "Measure " + calls + " calls of one operation on each side");
            }
            List<String> bad = sides.pairs().stream()
                    .filter(each -> !rule.holds(of.applyAsDouble(each.next()), of.applyAsDouble(each.legacy())))
                    .map(each -> each.shown(of, rate))
                    .toList();
            return bad.isEmpty()
                    ? GateResult.pass(gate, sides.pairs().size() + " operations", limit)
                    : GateResult.fail(gate, String.join("; ", bad), limit, "See why new is worse");
        });
    }
}
