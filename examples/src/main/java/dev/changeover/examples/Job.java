package dev.changeover.examples;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.ForeignWriter;
import dev.changeover.core.Sentinels;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.Gates;
import dev.changeover.examples.blue.Blue;
import dev.changeover.examples.blue.OldBuild;
import dev.changeover.examples.check.Authority;
import dev.changeover.examples.check.FinalCheck;
import dev.changeover.examples.check.Sabotage;
import dev.changeover.examples.check.Verdict;
import dev.changeover.examples.data.SeedData;
import dev.changeover.examples.data.SeedLoader;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.Cleanup;
import dev.changeover.examples.database.Pool;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.Script;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.journal.Expectation;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.journal.JournalReader;
import dev.changeover.examples.journal.Lives;
import dev.changeover.examples.legacy.LegacySide;
import dev.changeover.examples.next.NewSide;
import dev.changeover.examples.next.Release;
import dev.changeover.examples.workload.Metrics;
import dev.changeover.examples.workload.Population;
import dev.changeover.examples.workload.Visits;
import dev.changeover.examples.workload.Workload;
import dev.changeover.shadowcompare.MarkdownReport;
import dev.changeover.shadowcompare.Outcome;
import dev.changeover.shadowcompare.ShadowCounters;
import dev.changeover.shadowcompare.ShadowSummary;
import dev.changeover.shadowcompare.report.Reports;
import dev.changeover.shadowcompare.report.TransitionReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The main job on one server: fill, run traffic, walk, check. */
final class Job {

    private static final int POOL = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Schemas schemas = Schemas.DEFAULT;
    private final Settings settings;
    private final Report report;
    private final Expectation past;
    private final Phase phase;
    private final Metrics metrics;
    private final Observations observations;
    private final Blue blue;
    private @Nullable Population population;

    /**
     * What the command line says.
     *
     * @param lasting whether the journal outlives a kill, so that another life can go on with it
     * @param oldBuild how many writes a second the old build makes beside the new one; 0 for no old build
     * @param release with which release of the new code it begins
     * @param served whether the moves are left to the command line
     * @param retiring whether the old tables are retired at the end
     */
    record Settings(
            String url,
            SeedSize size,
            long seed,
            Workload.Shape shape,
            Duration stay,
            int chunk,
            Path journal,
            boolean lasting,
            @Nullable Sabotage sabotage,
            double oldBuild,
            Release release,
            boolean served,
            boolean retiring) {

        /** The old build has a journal of its own beside this one's. */
        Blue.Plan blue() {
            Path notes = journal.resolveSibling(journal.getFileName() + ".blue");
            return new Blue.Plan(url, seed, size, oldBuild, notes);
        }
    }

    /** What is known when the traffic has ended. */
    private record Ending(
            Map<String, Stage> stages,
            ShadowCounters compared,
            Map<String, Double> phases,
            Map<String, Long> foreign,
            Blue.Figures oldBuild,
            Result.Fault fault) {}

    Job(Settings settings, Report report) throws IOException {
        this.settings = settings;
        this.report = report;
        this.past = Files.exists(settings.journal()) ? JournalReader.read(settings.journal()) : Expectation.NONE;
        this.phase = new Phase(past.lives().phase());
        this.metrics = new Metrics(phase);
        this.observations = new Observations(phase);
        this.blue = new Blue(
                settings.blue(),
                phase,
                line -> report.line("blue: " + line),
                line -> metrics.callerError("blue", new IllegalStateException(line)));
    }

    Result run() throws IOException {
        Result result = walk();
        if (!settings.retiring() || !result.damage().isEmpty()) {
            return result;
        }
        Path directory = settings.journal().toAbsolutePath().getParent();
        Retiring.run(settings.url(), schemas, directory, report);
        try (HikariDataSource pool = Pool.open(settings.url(), 2)) {
            return result.retired(Verdict.keys(afterwards(pool).lost()), report.seconds());
        }
    }

    /** What was acknowledged is there without the old tables, too. */
    private Verdict afterwards(HikariDataSource pool) throws IOException {
        Map<String, Authority> authorities = new TreeMap<>();
        Walk.REPOSITORIES.forEach(repository -> authorities.put(repository, Authority.NEW_RETIRED));
        Verdict verdict = new FinalCheck(pool, schemas).run(expectation(), authorities);
        tell(verdict);
        return verdict;
    }

    private Result walk() throws IOException {
        point("start");
        try (HikariDataSource pool = Pool.open(settings.url(), POOL)) {
            Life life = new Life(pool, past);
            Ending ending;
            try (Journal journal = journal()) {
                begin(pool, journal, life);
                ending = traffic(pool, journal, life);
            }
            point("final check");
            return conclude(pool, ending);
        }
    }

    private Journal journal() throws IOException {
        return settings.lasting() ? Journal.lasting(settings.journal()) : new Journal(settings.journal());
    }

    /** What an earlier life left half filled was told to nobody; what it left filled must be as it was told. */
    private void begin(HikariDataSource pool, Journal journal, Life life) {
        if (!life.first()) {
            life.awaitEndOfLast();
        }
        journal.life(life.number());
        metrics.onCallerError(journal::callerError);
        if (life.filled()) {
            check(pool, life);
            Walk.REPOSITORIES.stream()
                    .filter(repository -> life.stages().get(repository) != Stage.NEW_ONLY)
                    .forEach(journal::notMoved);
            return;
        }
        if (!life.first()) {
            Cleanup.drop(settings.url());
        }
        fill(pool);
        journal.filled();
    }

    private void check(HikariDataSource pool, Life life) {
        point("check");
        ResumeCheck check = new ResumeCheck(pool, schemas);
        Map<String, Stage> stages = life.stages();
        Verdict verdict = check.run(past, stages);
        report.plain(String.format(
                "CHECKED life=%d acknowledged=%d unknown=%d lost=%d divergent=%d marked=%d stages=%s",
                life.number(),
                past.acknowledged(),
                past.unknown(),
                Verdict.keys(verdict.lost()),
                Verdict.keys(verdict.divergent()),
                stages.isEmpty() ? 0 : check.marks(),
                new TreeMap<>(stages)));
        tell(verdict);
        if (!verdict.lost().isEmpty() || !verdict.divergent().isEmpty()) {
            throw new IllegalStateException("the kill of life " + (life.number() - 1) + " did damage");
        }
    }

    private void fill(HikariDataSource pool) {
        point("fill");
        report.step(String.format("fill: %,d rows", settings.size().rows()));
        Script.LEGACY.run(pool, schemas);
        SeedLoader.load(pool, schemas, new SeedData(settings.seed(), settings.size()));
        Script.LEGACY_INDEXES.run(pool, schemas);
    }

    private Ending traffic(HikariDataSource pool, Journal journal, Life life) throws IOException {
        FlushMarks marks = new FlushMarks();
        boolean moved = life.moved();
        try (LegacySide legacy = new LegacySide(pool, schemas, marks);
                StatusLine status = new StatusLine(report, phase, metrics, observations);
                Blue running = blue;
                Workload workload = workload(legacy, journal)) {
            if (life.newHasLed()) {
                workload.stopDirtyChecking();
            }
            Runnable traffic = () -> start(pool, life, legacy, workload);
            status.start();
            if (!moved) {
                onLegacyAlone(pool, journal, life, traffic);
            }
            point("wiring");
            Releases releases = Releases.of(pool, settings.release());
            NewSide next = new NewSide(pool, schemas, releases);
            try (Wiring wiring = wiring(pool, legacy, next, life)) {
                marks.tell(wiring.changeover);
                workload.deploy(wiring.ports);
                if (moved) {
                    traffic.run();
                }
                Course course = settings.served()
                        ? new Served(pool, wiring, workload, report)
                        : new Walk(
                                pool,
                                schemas,
                                wiring,
                                workload,
                                journal,
                                phase,
                                report,
                                settings.stay(),
                                releases,
                                () -> visits(next, wiring, legacy));
                course.run();
                workload.close();
                running.end();
                Ending ending = ending(wiring, course, phase.all());
                writeReport(wiring, course, ending);
                return ending;
            }
        }
    }

    private void start(HikariDataSource pool, Life life, LegacySide legacy, Workload workload) {
        population =
                Population.of(pool, schemas, life.leading(), settings.blue().rows());
        workload.start(settings.seed(), life.number(), pool, population, legacy.profiles());
        phase.start();
        point("traffic");
    }

    private void onLegacyAlone(HikariDataSource pool, Journal journal, Life life, Runnable traffic) {
        report.step("traffic on legacy alone");
        journal.phase(phase.get());
        traffic.run();
        blue.start();
        Waiting.pass(settings.stay());
        Waiting.until(blue::underWay, PATIENCE, "the old build does not write");
        report.step("additive schema; the build with the switch takes over");
        point("schema");
        if (!life.first()) {
            // half of it may be there, and nobody has written it
            Cleanup.dropNew(settings.url());
        }
        Script.NEW.run(pool, schemas);
    }

    /** To rooms and by users that the traffic lets stay. */
    private Visits visits(NewSide next, Wiring wiring, LegacySide legacy) {
        return new Visits(
                next.participants(),
                next.recordings(),
                wiring.ports.rooms(),
                legacy.transactionManager(),
                Objects.requireNonNull(population, "there is traffic by now"),
                settings.seed());
    }

    private Wiring wiring(HikariDataSource pool, LegacySide legacy, NewSide next, Life life) {
        String instance = life.first() ? "example" : "example-" + life.number();
        return new Wiring(pool, schemas, legacy, next, observations, instance, settings.chunk());
    }

    private void point(String name) {
        report.point(phase.get(), name);
    }

    private Workload workload(LegacySide legacy, Journal journal) {
        Ports ports = new Ports(legacy.users(), legacy.rooms(), legacy.auditLogs());
        return new Workload(settings.shape(), ports, legacy.transactionManager(), journal, metrics);
    }

    private Ending ending(Wiring wiring, Course course, Map<String, Double> phases) {
        Map<String, Stage> stages = wiring.changeover.stages().all().stream()
                .collect(Collectors.toMap(RepositoryState::name, RepositoryState::stage));
        Map<String, Long> foreign = foreign(wiring.changeover.sentinels());
        Blue.Figures oldBuild = blue.figures(foreign.getOrDefault(OldBuild.APPLICATION, 0L), Walk.FLIPPED);
        Result.Fault fault = new Result.Fault(
                settings.release() == Release.ONE,
                wiring.evidence.divergences.groups().size(),
                course.gateStops());
        return new Ending(stages, wiring.evidence.shadow.counters(), phases, foreign, oldBuild, fault);
    }

    /** Changes round the library by application. Its own name is there, too: of what Hibernate flushed by itself. */
    private static Map<String, Long> foreign(Sentinels sentinels) {
        return Walk.REPOSITORIES.stream()
                .flatMap(repository -> sentinels.foreignWriters(repository).stream())
                .filter(writer -> writer.reason().equals("FOREIGN"))
                .collect(Collectors.groupingBy(
                        ForeignWriter::application, TreeMap::new, Collectors.summingLong(ForeignWriter::changes)));
    }

    /** What people review during a rollout; every form of the report that there is is written here. */
    private void writeReport(Wiring wiring, Course course, Ending ending) throws IOException {
        ShadowSummary summary = new ShadowSummary(
                Instant.now(),
                ending.stages(),
                ending.compared(),
                wiring.evidence.divergences.groups(),
                wiring.evidence.divergences.shed(),
                course.verifications());
        Path file = settings.journal().resolveSibling("shadow-report.md");
        Files.writeString(file, MarkdownReport.of(summary));
        report.line("report of this process: " + file);
        Path page = settings.journal().resolveSibling("report.html");
        Files.writeString(page, Reports.html(transition(wiring)));
        report.line("report of the transition: " + page);
    }

    /** There is no move beyond the last stage. */
    private static TransitionReport transition(Wiring wiring) {
        Gates gates = wiring.changeover.gates();
        List<GateReport> next = wiring.changeover.stages().all().stream()
                .filter(each -> each.stage() != Stage.NEW_ONLY)
                .map(each ->
                        gates.before(each.name(), Stage.values()[each.stage().ordinal() + 1]))
                .toList();
        return TransitionReport.read(wiring.pool)
                .withGates(next, Walk.REPOSITORIES.stream().map(gates::back).toList());
    }

    private Result conclude(HikariDataSource pool, Ending ending) throws IOException {
        Expectation expected = expectation();
        plant(pool, expected, ending);
        report.step(String.format(
                "final check of %,d written keys and of all rows",
                expected.legal().size()));
        Map<String, Authority> authorities = new TreeMap<>();
        ending.stages().forEach((repository, stage) -> authorities.put(repository, Authority.of(stage)));
        Verdict verdict = new FinalCheck(pool, schemas).run(expected, authorities);
        tell(verdict, ending);
        return result(expected, verdict, ending);
    }

    private Expectation expectation() throws IOException {
        Blue.Plan plan = settings.blue();
        return plan.runs()
                ? JournalReader.read(settings.journal(), plan.journal())
                : JournalReader.read(settings.journal());
    }

    private void plant(HikariDataSource pool, Expectation expected, Ending ending) {
        Sabotage sabotage = settings.sabotage();
        if (sabotage == null) {
            return;
        }
        report.line("sabotage: " + sabotage);
        sabotage.plant(pool, schemas, expected, Authority.of(ending.stages().get("rooms")));
        if (sabotage == Sabotage.CALLER_ERROR) {
            metrics.callerError("sabotage", new IllegalStateException("planted"));
        }
    }

    private void tell(Verdict verdict) {
        verdict.lost().stream().limit(10).forEach(finding -> report.line("LOST " + finding));
        verdict.divergent().stream().limit(10).forEach(finding -> report.line("DIVERGENT " + finding));
    }

    private void tell(Verdict verdict, Ending ending) {
        tell(verdict);
        metrics.firstErrors().stream().limit(5).forEach(error -> {
            report.line("CALLER ERROR in " + error.stage() + ", " + error.operation());
            for (Throwable t = error.failure(); t != null; t = t.getCause()) {
                report.line("  " + t);
                List.of(t.getStackTrace()).stream().limit(8).forEach(frame -> report.line("    at " + frame));
            }
        });
        observations.notes().forEach((note, n) -> report.line("note: " + note + (n > 1 ? " (" + n + " times)" : "")));
        perPhase(ending)
                .forEach((name, writes) -> report.line(String.format(
                        Locale.ROOT,
                        "%-17s %,7d writes in %5.1f s: %,.0f a second",
                        name,
                        writes,
                        ending.phases().get(name),
                        writes / ending.phases().get(name))));
        report.line("marks by reason: " + observations.marksByReason() + ", retried: " + metrics.retriedByReason()
                + ", rolled back on purpose: " + metrics.rollbacks());
        report.line("written round the library: " + ending.foreign());
        blue.perPhase().forEach((name, told) -> report.line("blue in " + name + ": " + told));
        report.line("legacy " + StatusLine.percentiles(observations.latencies(Side.LEGACY)) + ", new "
                + StatusLine.percentiles(observations.latencies(Side.NEW)) + ", units of work "
                + StatusLine.percentiles(metrics.units()) + " (p50/p95/p99)");
        report.line("shadow reads: " + outcomes(ending.compared()) + ", rehearsals that differed: "
                + observations.rehearsalDifferences());
    }

    private static Map<Outcome, Long> outcomes(ShadowCounters counters) {
        Map<Outcome, Long> outcomes = new TreeMap<>();
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, counters.count(outcome));
        }
        return outcomes;
    }

    private Result result(Expectation expected, Verdict verdict, Ending ending) {
        Lives lives = expected.lives();
        boolean oneLife = lives.count() == 1;
        Map<String, String> stages = new LinkedHashMap<>();
        Walk.REPOSITORIES.forEach(
                name -> stages.put(name, String.valueOf(ending.stages().get(name))));
        return new Result(
                oneLife ? metrics.acknowledged() : expected.acknowledged(),
                Verdict.keys(verdict.lost()),
                Verdict.keys(verdict.divergent()),
                oneLife ? metrics.callerErrors() : lives.callerErrors(),
                oneLife ? perPhase(ending) : lives.acknowledged(),
                metrics.readCommittedPerStage(),
                observations.marksOfReadCommitted(),
                observations.marked(),
                observations.newReads(Walk.AT_100),
                compared(ending.compared()),
                observations.rehearsed(Wiring.REHEARSED),
                metrics.retried(),
                stages,
                report.seconds(),
                ending.oldBuild(),
                ending.fault(),
                0,
                lives.count());
    }

    /** A phase in which nothing was acknowledged is in it with 0. */
    private Map<String, Long> perPhase(Ending ending) {
        Map<String, Long> counts = metrics.acknowledgedPerStage();
        Map<String, Long> inOrder = new LinkedHashMap<>();
        ending.phases().keySet().forEach(name -> inOrder.put(name, counts.getOrDefault(name, 0L)));
        return inOrder;
    }

    private static long compared(ShadowCounters counters) {
        return List.of(Outcome.MATCH, Outcome.PASSED, Outcome.DIVERGED).stream()
                .mapToLong(counters::count)
                .sum();
    }
}
