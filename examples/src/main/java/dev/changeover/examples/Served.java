package dev.changeover.examples;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Strangers;
import dev.changeover.core.request.Requests;
import dev.changeover.examples.workload.Workload;
import dev.changeover.shadowcompare.ComparisonRequests;
import dev.changeover.shadowcompare.VerificationResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** Leaves the moves to others: takes what they ask for on the command line, until standard input ends. */
final class Served implements Course {

    private static final String ACTOR = "example";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final DataSource pool;
    private final Wiring wiring;
    private final Workload workload;
    private final Report report;

    Served(DataSource pool, Wiring wiring, Workload workload, Report report) {
        this.pool = pool;
        this.wiring = wiring;
        this.workload = workload;
        this.report = report;
    }

    @Override
    public void run() {
        // new may lead at any time, and then Hibernate may not change managed objects behind the repositories
        workload.stopDirtyChecking();
        Walk.REPOSITORIES.forEach(
                repository -> Waiting.until(() -> watched(repository), PATIENCE, "no sentinels on " + repository));
        Requests requests = wiring.changeover
                .requests()
                .handlers(ComparisonRequests.on(pool)
                        .of(wiring.users)
                        .of(wiring.rooms)
                        .of(wiring.auditLogs)
                        .handlers(wiring.changeover))
                .every(LOOK)
                .start();
        try (requests) {
            report.plain("SERVING");
            awaitEndOfInput();
        }
        workload.close();
        Walk.REPOSITORIES.forEach(repository -> wiring.changeover.drain().awaitEmpty(repository, PATIENCE));
    }

    private boolean watched(String repository) {
        try {
            wiring.changeover.sentinels().install(repository, Strangers.REFUSE, ACTOR, "before anything is copied");
            return true;
        } catch (MoveRefusedException refused) {
            return false;
        }
    }

    private static void awaitEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int gateStops() {
        return 0;
    }

    @Override
    public List<VerificationResult<?>> verifications() {
        return List.of();
    }
}
