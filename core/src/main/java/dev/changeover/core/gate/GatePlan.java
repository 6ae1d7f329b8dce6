package dev.changeover.core.gate;

import dev.changeover.core.Stage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
     * Returns a plan for a careful team: nothing is parked, no mark is older than a minute, every instance is there, new
     * has every operation, a step back was rehearsed, a backup is attested, and what was changed last has soaked: an hour
     * for a percentage, a day for 100 %, a week where new leads.
     */
    public static GatePlan standard() {
        Gate marks = StandardGates.oldestMarkAtMost(Duration.ofMinutes(1));
        Gate parked = StandardGates.nothingParked();
        Gate instances = StandardGates.everyInstanceOnTheEpoch();
        return builder()
                .before(Stage.SHADOW, StandardGates.backfillComplete(), marks, parked, instances)
                .before(Stage.RAMP, StandardGates.soaked(Duration.ofHours(1)), marks, parked, instances)
                .beforePercent(StandardGates.soaked(Duration.ofHours(1)), marks, parked, instances)
                .before(
                        Stage.NEW_PRIMARY,
                        StandardGates.everyOperationPorted(),
                        StandardGates.soaked(Duration.ofDays(1)),
                        StandardGates.noForeignChangeFor(Duration.ofDays(1)),
                        StandardGates.rollbackRehearsed(),
                        StandardGates.attested("backup"),
                        marks,
                        parked,
                        instances)
                .before(
                        Stage.NEW_ONLY,
                        StandardGates.soaked(Duration.ofDays(7)),
                        StandardGates.noForeignChangeFor(Duration.ofDays(7)),
                        StandardGates.attested("backup"),
                        marks,
                        parked,
                        instances)
                .build();
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
