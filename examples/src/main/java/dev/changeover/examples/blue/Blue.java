package dev.changeover.examples.blue;

import dev.changeover.examples.data.OldBuildRows;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.process.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The process of the old build, as the job sees it that has started it. */
public final class Blue implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Plan plan;
    private final Supplier<String> phase;
    private final Consumer<String> told;
    private final Consumer<String> errors;
    private final Map<String, Tally> perPhase = new LinkedHashMap<>();
    private Tally last = Tally.NOTHING;
    private @Nullable Jvm jvm;

    /**
     * What it is to do.
     *
     * @param writesPerSecond how many writes it aims at; 0 for no old build at all
     * @param journal where it notes what it was told
     */
    public record Plan(String url, long seed, SeedSize size, double writesPerSecond, Path journal) {

        /** Whether there is an old build. */
        public boolean runs() {
            return writesPerSecond > 0;
        }

        /** Returns the rows that are not for the new build. */
        public OldBuildRows rows() {
            return runs() ? OldBuildRows.of(seed, size) : OldBuildRows.NONE;
        }

        private List<String> arguments() {
            return List.of(
                    "--jdbc-url=" + url,
                    "--seed=" + seed,
                    "--users=" + size.users(),
                    "--rooms=" + size.rooms(),
                    "--rate=" + writesPerSecond,
                    "--journal=" + journal);
        }
    }

    /**
     * Prepares it.
     *
     * @param phase where the walk is
     * @param told hears what it says otherwise
     * @param errors hears of errors that reached its callers
     */
    public Blue(Plan plan, Supplier<String> phase, Consumer<String> told, Consumer<String> errors) {
        this.plan = plan;
        this.phase = phase;
        this.told = told;
        this.errors = errors;
    }

    /** Starts it, if it is to run. */
    public void start() {
        if (plan.runs()) {
            try {
                jvm = Jvm.start(OldBuild.class, "256m", plan.arguments(), this::line);
            } catch (IOException e) {
                throw new UncheckedIOException("the old build could not be started", e);
            }
        }
    }

    private synchronized void line(String line) {
        Tally tally = Tally.of(line);
        if (tally != null) {
            perPhase.merge(phase.get(), tally.minus(last), Tally::plus);
            last = tally;
        } else if (line.startsWith("ERROR ")) {
            errors.accept(line);
        } else {
            told.accept(line);
        }
    }

    /** Whether it has written, or never will. */
    public synchronized boolean underWay() {
        Jvm started = jvm;
        if (started != null && started.ended().isDone()) {
            throw new IllegalStateException("the old build has ended by itself");
        }
        return started == null || last.acknowledged() > 0;
    }

    /** Lets it finish its unit of work and its journal. */
    public void end() {
        Jvm running = jvm;
        if (running == null) {
            return;
        }
        try {
            running.closeInput();
            if (!running.endsWithin(PATIENCE) || running.await() != 0) {
                throw new IllegalStateException("the old build did not come to its end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the old build ends", e);
        }
    }

    /** Returns what it was told by phase of the walk; a line may arrive when the next one has just begun. */
    public synchronized Map<String, String> perPhase() {
        Map<String, String> texts = new LinkedHashMap<>();
        perPhase.forEach((name, tally) -> texts.put(name, tally.toString()));
        return texts;
    }

    /**
     * Returns what it came to.
     *
     * @param foreignWrites how many of its changes sentinels saw
     * @param flip the first phase in which new leads
     */
    public synchronized Figures figures(long foreignWrites, String flip) {
        long before = perPhase.entrySet().stream()
                .takeWhile(entry -> !entry.getKey().equals(flip))
                .mapToLong(entry -> entry.getValue().acknowledged())
                .sum();
        return new Figures(plan.runs(), foreignWrites, before, last.refused());
    }

    /**
     * What the old build came to.
     *
     * @param ran whether there was one
     * @param foreignWrites how many of its changes sentinels saw
     * @param acknowledged how many of its writes succeeded before new led
     * @param refused how many of its units of work were refused
     */
    public record Figures(boolean ran, long foreignWrites, long acknowledged, long refused) {}

    @Override
    public void close() {
        Jvm running = jvm;
        if (running != null) {
            running.close();
        }
    }
}
