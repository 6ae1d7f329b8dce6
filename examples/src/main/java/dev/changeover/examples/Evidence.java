package dev.changeover.examples;

import dev.changeover.core.Stage;
import dev.changeover.core.gate.EvidenceGates;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.gate.StandardGates;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.spi.Transactions;
import dev.changeover.shadowcompare.BufferedDivergenceLog;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.DivergenceLog;
import dev.changeover.shadowcompare.JdbcDivergenceLog;
import dev.changeover.shadowcompare.LoggingDivergenceLog;
import dev.changeover.shadowcompare.RehearsedWrites;
import dev.changeover.shadowcompare.ShadowReads;
import dev.changeover.shadowcompare.WriteChecks;
import java.time.Duration;
import javax.sql.DataSource;

/** Everything that looks for differences while traffic runs, and what it has to have found before a move. */
final class Evidence implements AutoCloseable {

    /** The numbers fit a job of two minutes; {@link GatePlan#standard()} has those of a careful team. */
    static final GatePlan GATES = GatePlan.builder()
            .before(Stage.SHADOW, StandardGates.backfillComplete())
            .before(
                    Stage.RAMP,
                    EvidenceGates.noUnreviewedDivergences(),
                    // what is rare in this traffic is asked for before new leads
                    EvidenceGates.everyWriteRehearsed(3, "delete", "deactivateAll"),
                    StandardGates.nothingParked(),
                    StandardGates.oldestMarkAtMost(Duration.ofMinutes(1)))
            .beforePercent(EvidenceGates.noUnreviewedDivergences(), StandardGates.nothingParked())
            .before(
                    Stage.NEW_PRIMARY,
                    EvidenceGates.noUnreviewedDivergences(),
                    EvidenceGates.everyWriteRehearsed(1),
                    StandardGates.everyOperationPorted())
            .before(
                    Stage.NEW_ONLY,
                    EvidenceGates.noUnreviewedDivergences(),
                    EvidenceGates.compared(100, Duration.ofSeconds(1)),
                    StandardGates.rollbackRehearsed())
            .build();

    /** Gates ask what was told, so it is told soon. */
    private static final Duration TOLD_EVERY = Duration.ofMillis(500);

    final BufferedDivergenceLog divergences;
    final Measurements measurements = Measurements.every(TOLD_EVERY);
    final RehearsedWrites rehearsals;
    final WriteChecks writeChecks;
    final ShadowReads shadow;

    Evidence(DataSource pool, Transactions transactions, ComparedRepository<?, ?>... repositories) {
        divergences = BufferedDivergenceLog.before(new JdbcDivergenceLog(pool));
        DivergenceLog log = new LoggingDivergenceLog().and(divergences);
        rehearsals = RehearsedWrites.into(log);
        writeChecks = WriteChecks.builder()
                .samplePercent(2)
                .divergences(log)
                .measurements(measurements)
                .build();
        ShadowReads.Builder reads = ShadowReads.builder(transactions)
                .samplePercent(10)
                .divergences(log)
                .measurements(measurements);
        for (ComparedRepository<?, ?> repository : repositories) {
            reads.repository(repository);
        }
        shadow = reads.build();
    }

    /** The log last: the others still tell it something. */
    @Override
    public void close() {
        shadow.close();
        rehearsals.close();
        writeChecks.close();
        divergences.close();
    }
}
