package dev.changeover.core;

import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.internal.PercentageLines;
import dev.changeover.core.internal.PercentageLines.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that says the percentages of RAMP, such as a mounted configuration map:
 *
 * <pre>
 * users=25
 * rooms=10
 * </pre>
 *
 * What it says is applied like any other change, to the control row, which stays the only place that decides. Each
 * content is applied once: whoever changes a percentage afterwards by other means is not overruled until the file
 * changes, or an instance starts. A line for a repository that is not in RAMP waits until it is. A line that is absent
 * changes nothing.
 *
 * <p>The content is polled, since notifications are unreliable on network mounts, and used when two polls in a row saw
 * the same, so that a file which is being written is not read half. What is wrong is told to the listener
 * ({@link ChangeoverListener#backgroundFailed}) once for each content, and never thrown.
 */
public final class PercentageFile implements AutoCloseable {

    private static final String UNREADABLE = "it cannot be read. Give the process a readable text file in UTF-8";

    private final Path file;
    private final Stages stages;
    private final ChangeoverListener listener;
    private final Future<?> polls;
    private final Runnable end;
    private final Set<String> told = new HashSet<>();
    private @Nullable String seen;
    private @Nullable String applied;
    private List<Line> waiting = List.of();

    PercentageFile(
            Path file,
            Stages stages,
            ChangeoverListener listener,
            ScheduledExecutorService executor,
            Duration every,
            Runnable end) {
        this.file = file;
        this.stages = stages;
        this.listener = listener;
        this.end = end;
        this.polls = executor.scheduleWithFixedDelay(this::poll, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Watches a file every second, on a thread of its own. */
    public static PercentageFile watch(Changeover changeover, Path file) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "changeover-percentages");
            thread.setDaemon(true);
            return thread;
        });
        return new PercentageFile(
                file, changeover.stages(), changeover.listener(), executor, Duration.ofSeconds(1), executor::shutdown);
    }

    /**
     * Watches a file on an executor of the application, which stays open.
     *
     * @param every how often to look; a change is applied after two looks
     */
    public static PercentageFile watch(
            Changeover changeover, Path file, ScheduledExecutorService executor, Duration every) {
        return new PercentageFile(file, changeover.stages(), changeover.listener(), executor, every, () -> {});
    }

    /** Never throws: an executor drops a task that did. */
    private void poll() {
        try {
            look();
        } catch (IOException e) {
            seen = null;
            tell(UNREADABLE, e);
        } catch (Throwable failure) {
            tell("could not be applied, it will be tried again", failure);
        }
    }

    private void look() throws IOException {
        String content = PercentageLines.read(file);
        told.remove(UNREADABLE);
        boolean settled = content.equals(seen);
        seen = content;
        if (settled && !content.equals(applied)) {
            applied = content;
            told.clear();
            PercentageLines lines = PercentageLines.parse(content);
            lines.problems().forEach(this::tell);
            waiting = lines.lines();
        }
        if (settled && !waiting.isEmpty()) {
            apply();
        }
    }

    /** What depends on another line of the file gets through in the next round, whatever the order of the lines. */
    private void apply() {
        List<Runnable> problems = new ArrayList<>();
        int before;
        do {
            before = waiting.size();
            problems.clear();
            waiting = waiting.stream().filter(line -> !isDone(line, problems)).toList();
        } while (waiting.size() < before && !waiting.isEmpty());
        problems.forEach(Runnable::run);
    }

    private boolean isDone(Line line, List<Runnable> problems) {
        try {
            RepositoryState state = stages.of(line.repository());
            if (state.stage() != Stage.RAMP) {
                problems.add(() -> tell(line.problem(
                        "is in " + state.stage() + ", a percentage belongs to RAMP",
                        "It is applied when it gets there; move it, or take the line out")));
                return false;
            }
            if (state.percent() != line.percent()) {
                String name = String.valueOf(file.getFileName());
                stages.percent(line.repository(), line.percent(), "file:" + name, "line " + line.number());
            }
            return true;
        } catch (ConfigurationException e) {
            problems.add(() -> tell(line.problem("is not a known repository", "Mend the name, or build it once")));
        } catch (ChangeoverException e) {
            problems.add(() -> tell(line.problem(message(e), "It is tried again"), e));
        }
        return false;
    }

    /** A refusal is the library's own text; anything else may quote the server. */
    private static String message(ChangeoverException e) {
        return e instanceof MoveRefusedException ? "was refused: " + e.getMessage() : "could not be changed";
    }

    private void tell(String problem) {
        tell(problem, new ConfigurationException(String.valueOf(file.getFileName()), problem, "Mend the file"));
    }

    private void tell(String problem, Throwable failure) {
        if (told.add(problem)) {
            listener.backgroundFailed(file.getFileName() + ": " + problem, failure);
        }
    }

    /** Stops watching; what was applied stays. */
    @Override
    public void close() {
        polls.cancel(false);
        end.run();
    }
}
