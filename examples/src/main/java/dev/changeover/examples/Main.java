package dev.changeover.examples;

import dev.changeover.examples.check.Sabotage;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.Cleanup;
import dev.changeover.examples.database.Server;
import dev.changeover.examples.journal.JournalReader;
import dev.changeover.examples.next.Release;
import dev.changeover.examples.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the main job. */
@Command(
        name = "example",
        mixinStandardHelpOptions = true,
        version = "changeover example 0.1.0",
        sortOptions = false,
        description = {
            "Moves a video-conferencing backend from its legacy schema to its new one on a real PostgreSQL, while traffic"
                    + " runs, and proves at the end that nothing was lost.",
            "The last line begins with RESULT; the exit code is 0 only if nothing was lost, the sides agree and no error"
                    + " reached a caller."
        })
public final class Main implements Callable<Integer> {

    /** Each of its writes is marked until the drain comes by, and meanwhile queries are not served by new. */
    private static final double OLD_BUILD = 2;

    @Option(
            names = "--scale",
            defaultValue = "1",
            paramLabel = "FACTOR",
            description =
                    "Factor on 50,000 users, 100,000 meetings and 200,000 audit rows (default: ${DEFAULT-VALUE}).")
    double scale;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "NUMBER",
            description = "Seed of the data and of the traffic (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--seconds-per-stage",
            defaultValue = "3",
            paramLabel = "SECONDS",
            description = "How long to stay in each stage (default: ${DEFAULT-VALUE}).")
    double secondsPerStage;

    @Nullable
    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description = "Your own PostgreSQL instead of an embedded one. The job makes schemas of its own"
                    + " (conference_legacy, conference_new, changeover), refuses to start if one of them exists, and drops"
                    + " them at the end.")
    String jdbcUrl;

    @Nullable
    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description =
                    "Where to keep the journal of what writers were told, each line on disk before anybody relies on"
                            + " it. A job that was killed with one can be resumed if its server lives on: needs --jdbc-url.")
    Path journal;

    @Option(names = "--resume", description = "Go on where the job with this --journal was killed.")
    boolean resume;

    @Option(
            names = "--chunk",
            defaultValue = "500",
            paramLabel = "KEYS",
            description = "How many keys a chunk of the backfill copies (default: ${DEFAULT-VALUE}).")
    int chunk;

    @Nullable
    @Option(
            names = "--blue",
            paramLabel = "WRITES",
            description =
                    "How many writes a second a second process makes meanwhile that runs the old build, without the"
                            + " library; 0 for none (default: 2, and 0 with --journal).")
    Double blue;

    @Option(
            names = "--serve",
            description =
                    "Walk nowhere: leave the moves to the command line, take what it asks for, and end when standard"
                            + " input ends.")
    boolean serve;

    @Option(
            names = "--release",
            defaultValue = "1",
            paramLabel = "NUMBER",
            description = "With which release of the new code it begins: 1 has a fault that comparisons find and a gate"
                    + " stops, until the job goes on with release 2 (default: ${DEFAULT-VALUE}).")
    int release;

    @Option(
            names = "--keep-legacy",
            description =
                    "Keep the old tables. Without it they are backed up, renamed and dropped at the end, unless the"
                            + " job may be killed (--journal), is served, or has a fault planted (--sabotage).")
    boolean keepLegacy;

    @Option(names = "--points", description = "Print a line POINT at each step, for a program that waits for it.")
    boolean points;

    @Option(names = "--keep", description = "Leave the server and the schemas as they are at the end; print the URL.")
    boolean keep;

    @Nullable
    @Option(
            names = "--sabotage",
            paramLabel = "FAULT",
            converter = SabotageName.class,
            description = "Plant one fault before the final check: lost, stale, risen or caller-error.")
    Sabotage sabotage;

    /** Runs the job and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Report report = new Report(System.out, System.console() != null, points);
        String url = jdbcUrl;
        requireServerThatLivesOn(url);
        Path file = journal == null
                ? Files.createTempDirectory("changeover-example").resolve("journal")
                : journal;
        try (Server server = url == null ? Server.embedded() : Server.at(url)) {
            return run(server, file, report);
        }
    }

    private double oldBuild() {
        if (blue == null) {
            return journal == null && !serve ? OLD_BUILD : 0;
        }
        if (blue > 0 && journal != null) {
            throw new IllegalArgumentException("--blue " + blue
                    + " with --journal: the journal of the old build does not outlive a kill; give --blue 0");
        }
        return blue;
    }

    private Release release() {
        if (release < 1 || release > Release.values().length) {
            throw new IllegalArgumentException("--release " + release + ": there are 1 and 2");
        }
        return Release.values()[release - 1];
    }

    private void requireServerThatLivesOn(@Nullable String url) {
        if ((journal != null && url == null) || (resume && journal == null)) {
            throw new IllegalArgumentException(
                    "--resume needs the --journal of the killed job, and --journal a server that lives on: --jdbc-url");
        }
    }

    /** A journal that somebody began says that the schemas are the job's own. */
    private boolean resumed(Path file) throws IOException {
        return resume && Files.exists(file) && JournalReader.read(file).lives().count() > 0;
    }

    private int run(Server server, Path file, Report report) throws IOException, InterruptedException {
        if (!resumed(file)) {
            if (Files.exists(file) && !resume) {
                throw new IllegalArgumentException(file + " is there: give --resume, or another --journal");
            }
            Cleanup.refuseLeftovers(server.url());
        }
        Duration stay = Duration.ofMillis((long) (secondsPerStage * 1000));
        Job.Settings settings = new Job.Settings(
                server.url(),
                SeedSize.scaled(scale),
                seed,
                Workload.Shape.DEFAULT,
                stay,
                chunk,
                file,
                journal != null,
                sabotage,
                oldBuild(),
                release(),
                serve,
                !keepLegacy && !serve && journal == null && sabotage == null);
        Result result = new Job(settings, report).run();
        List<String> failures = serve ? result.damage() : result.failures();
        failures.forEach(failure -> report.line("FAILED: " + failure));
        if (keep) {
            report.line("journal: " + file);
            report.line("server: " + server.url());
        }
        report.plain(result.line());
        if (keep && jdbcUrl == null) {
            // until somebody ends the process
            Thread.currentThread().join();
        }
        if (!keep) {
            Files.delete(file);
            Files.deleteIfExists(settings.blue().journal());
            Cleanup.drop(server.url());
        }
        return failures.isEmpty() ? 0 : 1;
    }

    /** Reads the names of the faults as the command line writes them. */
    static final class SabotageName implements CommandLine.ITypeConverter<Sabotage> {
        @Override
        public Sabotage convert(String name) {
            return Sabotage.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
