package dev.changeover.core.gate;

import dev.changeover.core.Stage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which gates a repository has to pass on its way. Only ways forward have gates: a step back is never held up by them.
 * Immutable.
 *
 * <pre>{@code
 * GatePlan plan = GatePlan.builder()
 *         .before(Stage.SHADOW, StandardGates.backfillComplete())
 *         .beforePercent(StandardGates.soaked(Duration.ofHours(1)), StandardGates.oldestMarkAtMost(Duration.ofMinutes(1)))
 *         .before(Stage.NEW_PRIMARY, StandardGates.rollbackRehearsed(), StandardGates.attested("backup"))
 *         .build();
 * }</pre>
 */
public final class GatePlan {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final GatePlan NONE = builder().build();

    private final Map<Stage, List<Gate>> before;
    private final List<Gate> beforePercent;

    private GatePlan(Builder builder) {
        this.before = Map.copyOf(builder.before);
        this.beforePercent = builder.beforePercent;
    }

    /** Returns the plan without gates: what the control schema refuses is refused all the same. */
    public static GatePlan none() {
        return NONE;
    }

    /**
     * Returns a plan for a careful team. Always: nothing is parked, no mark is older than a minute, every instance is there,
     * every divergence is reviewed. Before new serves a read: a clean verification of the last day and 3,000 clean
     * comparisons in an hour, so that at most one in a thousand differs. Before a higher percentage: new neither fails nor
     * is slower than it should, once it serves. Before new leads: every operation was ported and every write rehearsed, a
     * step back was rehearsed, a backup is attested, and the last change has soaked for a day; for a week before legacy
     * is given up.
     */
    public static GatePlan standard() {
        return builder()
                .before(Stage.SHADOW, always(StandardGates.backfillComplete()))
                .before(
                        Stage.RAMP,
                        always(
                                StandardGates.soaked(HOUR),
                                EvidenceGates.verified(DAY),
                                EvidenceGates.compared(3_000, HOUR)))
                .beforePercent(always(
                        StandardGates.soaked(HOUR),
                        onceItServes(EvidenceGates.failsAtMost(0.001, 100)),
                        onceItServes(EvidenceGates.slowerAtMost(2, 100))))
                .before(
                        Stage.NEW_PRIMARY,
                        always(
                                StandardGates.everyOperationPorted(),
                                EvidenceGates.everyWriteRehearsed(10),
                                StandardGates.soaked(DAY),
                                StandardGates.noForeignChangeFor(DAY),
                                EvidenceGates.verified(DAY),
                                EvidenceGates.compared(3_000, DAY),
                                EvidenceGates.failsAtMost(0.001, 100),
                                EvidenceGates.slowerAtMost(2, 100),
                                StandardGates.rollbackRehearsed(),
                                StandardGates.attested("backup")))
                .before(
                        Stage.NEW_ONLY,
                        always(
                                StandardGates.soaked(WEEK),
                                StandardGates.noForeignChangeFor(WEEK),
                                EvidenceGates.verified(DAY),
                                StandardGates.attested("backup")))
                .build();
    }

    private static Gate[] always(Gate... more) {
        Stream<Gate> always = Stream.of(
                EvidenceGates.noUnreviewedDivergences(),
                StandardGates.oldestMarkAtMost(Duration.ofMinutes(1)),
                StandardGates.nothingParked(),
                StandardGates.everyInstanceOnTheEpoch());
        return Stream.concat(Stream.of(more), always).toArray(Gate[]::new);
    }

    /** At 0 % new has served nothing that could be judged. */
    private static Gate onceItServes(Gate gate) {
        return new NamedGate(
                gate.name(),
                (self, facts) -> facts.status().state().percent() == 0
                        ? GateResult.pass(self, "new serves nothing yet", "judged once it does")
                        : gate.check(facts));
    }

    /** Starts a plan. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the gates of the move forward to this stage. */
    public List<Gate> before(Stage target) {
        return before.getOrDefault(target, List.of());
    }

    /** Returns the gates of a higher percentage. */
    public List<Gate> beforePercent() {
        return beforePercent;
    }

    /** Collects the gates. */
    public static final class Builder {

        private final Map<Stage, List<Gate>> before = new EnumMap<>(Stage.class);
        private List<Gate> beforePercent = List.of();

        private Builder() {}

        /** Sets the gates of the move forward to this stage. */
        public Builder before(Stage target, Gate... gates) {
            before.put(target, List.of(gates));
            return this;
        }

        /** Sets the gates of a higher percentage. */
        public Builder beforePercent(Gate... gates) {
            beforePercent = List.of(gates);
            return this;
        }

        /** Builds the plan. */
        public GatePlan build() {
            return new GatePlan(this);
        }
    }
}
