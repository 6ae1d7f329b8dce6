package dev.changeover.proof.torture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Everything at once, round after round, until as many writes are acknowledged and as many kills done as were asked for;
 * then the same with one rule of the protocol left out. Ends with a status other than zero if the protocol lost
 * anything, or if a mutant was not caught.
 */
final class Torture {

    private static final Duration WORK = Duration.ofSeconds(10);

    private final Options options;
    private final Arena arena;
    private final List<Mutant> mutants;
    private final long begin = System.nanoTime();
    private long rounds;
    private long acknowledged;
    private long kills;
    private long lost;
    private long divergent;
    private long dirty;

    Torture(Options options, Arena arena) {
        this.options = options;
        this.arena = arena;
        this.mutants = Hunt.named(options.mutants());
    }

    public static void main(String[] arguments) {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        int status;
        try (Arena arena = new Arena()) {
            status = new Torture(Options.parse(Arrays.asList(arguments)), arena).run() ? 0 : 1;
        }
        System.exit(status);
    }

    /** Returns whether the protocol held and every mutant was caught. */
    boolean run() {
        say(head());
        while (!reached()) {
            round();
        }
        say(String.format(
                "TORTURE rounds=%d acknowledged=%d kills=%d lost=%d divergent=%d seconds=%d rate=%d",
                rounds, acknowledged, kills, lost, divergent, seconds(), acknowledged / Math.max(1, seconds())));
        boolean caught = new Hunt(arena, options.seed(), this::say).run(mutants.stream());
        return dirty == 0 && caught;
    }

    /** What ran and how safely it was stored, so that the log stands for itself. */
    private String head() {
        return "torture commit=" + (options.commit().isEmpty() ? Commit.here() : options.commit()) + " "
                + arena.settings()
                + " begin=" + Instant.now() + " java=" + Runtime.version() + " processors="
                + Runtime.getRuntime().availableProcessors() + " options=" + options;
    }

    private boolean reached() {
        return (acknowledged >= options.acknowledged() && kills >= options.kills())
                || seconds() >= options.limit().toSeconds();
    }

    private long seconds() {
        return (System.nanoTime() - begin) / 1_000_000_000;
    }

    private void round() {
        Verdict verdict = arena.play(Plan.of(options.seed() + rounds, WORK, true), Rules.ALL);
        rounds++;
        acknowledged += verdict.acknowledged();
        kills += verdict.kills();
        lost += verdict.lost();
        divergent += verdict.divergent();
        say(verdict.line());
        if (verdict.isClean()) {
            say("  " + verdict.planLine());
        }
        if (!verdict.isClean()) {
            dirty++;
            verdict.details().forEach(this::say);
        }
    }

    private void say(String line) {
        System.out.println(line);
        Path log = options.log();
        if (log != null) {
            try {
                Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
