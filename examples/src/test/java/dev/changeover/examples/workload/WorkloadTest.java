package dev.changeover.examples.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.examples.data.SeedData;
import dev.changeover.examples.data.SeedLoader;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.Script;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.journal.JournalReader;
import dev.changeover.examples.legacy.LegacySide;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WorkloadTest {

    @TempDir
    Path folder;

    @Test
    void on_legacy_alone_every_kind_of_unit_runs_and_no_error_reaches_a_caller() throws Exception {
        Metrics metrics = new Metrics(() -> "LEGACY_ONLY");
        Path path = folder.resolve("journal");
        try (TestDatabase database = TestDatabase.empty();
                Journal journal = new Journal(path);
                LegacySide legacy = legacy(database)) {
            SeedLoader.load(database.pool(), Schemas.DEFAULT, new SeedData(7, SeedSize.scaled(0.02)));
            Ports ports = new Ports(legacy.users(), legacy.rooms(), legacy.auditLogs());
            try (Workload workload =
                    new Workload(Workload.Shape.DEFAULT, ports, legacy.transactionManager(), journal, metrics)) {
                Population population = Population.of(database.pool(), Schemas.DEFAULT);
                workload.start(7, 1, database.pool(), population, legacy.profiles());
                await().atMost(Duration.ofSeconds(60)).until(() -> everythingHappened(metrics));
            }
        }

        assertThat(metrics.firstErrors()).isEmpty();
        assertThat(metrics.callerErrors()).isZero();
        assertThat(JournalReader.read(path).acknowledged()).isEqualTo(metrics.acknowledged());
        assertThat(JournalReader.read(path).unknown()).isZero();
        assertThat(metrics.units().millis(0.5)).isPositive();
    }

    private static LegacySide legacy(TestDatabase database) {
        Script.LEGACY.run(database.pool(), Schemas.DEFAULT);
        return new LegacySide(database.pool(), Schemas.DEFAULT, changed -> {});
    }

    private static boolean everythingHappened(Metrics metrics) {
        return metrics.acknowledged() > 1000
                && metrics.rollbacks() > 0
                && metrics.reads().count() > 500
                && metrics.retriedByReason().containsKey("RETRY_OPTIMISTIC")
                && metrics.acknowledged() > metrics.readCommittedPerStage().get("LEGACY_ONLY");
    }
}
