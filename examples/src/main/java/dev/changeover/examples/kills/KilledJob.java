package dev.changeover.examples.kills;

import dev.changeover.examples.database.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the killer. */
@Command(
        name = "killed-example",
        mixinStandardHelpOptions = true,
        version = "changeover example 0.1.0",
        sortOptions = false,
        description = {
            "Runs the main job on a PostgreSQL that lives on, kills its JVM with SIGKILL at random moments in every phase"
                    + " and in every kind of move, and lets it resume each time.",
            "Each life checks first what the kill left behind. The exit code is 0 only if no life found anything lost or"
                    + " divergent and there were enough kills everywhere."
        })
public final class KilledJob implements Callable<Integer> {

    /** The phases of the walk. */
    static final Set<String> PHASES = Set.of(
            "LEGACY_ONLY",
            "DUAL_WRITE",
            "SHADOW",
            "RAMP_10",
            "RAMP_25",
            "RAMP_50",
            "RAMP_100",
            "NEW_PRIMARY",
            "BACK_AT_RAMP",
            "NEW_PRIMARY_AGAIN",
            "NEW_ONLY");

    /** The kinds of moves that it makes. */
    static final Set<String> MOVES =
            Set.of("DUAL_WRITE", "SHADOW", "RAMP", "NEW_PRIMARY", "BACK_TO_RAMP", "NEW_PRIMARY_AGAIN", "NEW_ONLY");

    @Option(
            names = "--rounds",
            defaultValue = "1",
            paramLabel = "NUMBER",
            description =
                    "How often to kill the job at each point, and once more at each move (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--at-least",
            defaultValue = "50",
            paramLabel = "KILLS",
            description = "How many kills there must have been (default: ${DEFAULT-VALUE}).")
    int atLeast;

    @Nullable
    @Option(names = "--seed", paramLabel = "NUMBER", description = "Seed of the moments (default: another each time).")
    Long seed;

    @Option(
            names = "--scale",
            defaultValue = "0.005",
            paramLabel = "FACTOR",
            description = "As the main job's (default: ${DEFAULT-VALUE}).")
    String scale;

    @Option(
            names = "--seconds-per-stage",
            defaultValue = "0.5",
            paramLabel = "SECONDS",
            description = "As the main job's (default: ${DEFAULT-VALUE}).")
    double secondsPerStage;

    @Option(
            names = "--chunk",
            defaultValue = "20",
            paramLabel = "KEYS",
            description = "As the main job's; small, so that a backfill can be hit (default: ${DEFAULT-VALUE}).")
    String chunk;

    /** Runs the killer and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new KilledJob()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        long start = System.nanoTime();
        long chosen = seed == null ? System.currentTimeMillis() : seed;
        System.out.println("SETTINGS seed=" + chosen + " rounds=" + rounds + " scale=" + scale + " seconds_per_stage="
                + secondsPerStage + " chunk=" + chunk);
        Path folder = Files.createTempDirectory("changeover-killed");
        Tally tally;
        try (Server server = Server.embedded()) {
            Duration stay = Duration.ofMillis((long) (secondsPerStage * 1000));
            Killer killer = new Killer(server.url(), folder, options(chosen), System.out);
            tally = killer.run(KillPlan.everywhere(chosen, rounds, stay));
        }
        List<String> failures = failures(tally);
        failures.forEach(failure -> System.out.println("FAILED: " + failure + "; see " + folder));
        System.out.println(tally.line() + " seconds=" + (System.nanoTime() - start) / 1_000_000_000L);
        return failures.isEmpty() ? 0 : 1;
    }

    private List<String> options(long chosen) {
        String stay = Double.toString(secondsPerStage);
        return List.of(
                "--seed", Long.toString(chosen), "--scale", scale, "--seconds-per-stage", stay, "--chunk", chunk);
    }

    private List<String> failures(Tally tally) {
        List<String> failures = new ArrayList<>();
        if (!tally.clean()) {
            failures.add("a life found something wrong or did not come to its end");
        }
        if (tally.kills() < atLeast) {
            failures.add("fewer than " + atLeast + " kills");
        }
        if (tally.whileDivergenceOpen() == 0) {
            failures.add("no kill while the divergence was open");
        }
        requireAll(failures, PHASES, tally.perPhase());
        requireAll(failures, MOVES, tally.perMove());
        return failures;
    }

    private static void requireAll(List<String> failures, Set<String> wanted, Map<String, Long> hit) {
        wanted.stream()
                .filter(name -> !hit.containsKey(name))
                .sorted()
                .forEach(name -> failures.add("no kill in " + name));
    }
}
