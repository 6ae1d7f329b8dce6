package dev.changeover.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Another JVM on the class path of this one: a process that can be stopped for seconds, as a long garbage collection or a
 * frozen machine does, or killed so that it can neither finish nor tell anything. It speaks in lines, both ways. Ended
 * with {@link #close()}; for one thread, except for what it prints.
 */
public final class ChildJvm implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final BufferedWriter input;
    private final Thread reader;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a main class with a heap of 256 MB; its errors are lines like the others. */
    public static ChildJvm start(Class<?> main, String... arguments) {
        return withHeap(256, main, arguments);
    }

    /** Starts a main class with a heap of so many megabytes; it ends where that is too little. */
    public static ChildJvm withHeap(int megabytes, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx" + megabytes + "m", "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ChildJvm(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + main.getName(), e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(the output ended: " + e.getMessage() + ")");
        }
    }

    /** Sends it a line. */
    public void say(String line) {
        try {
            input.write(line);
            input.newLine();
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The process has ended; it said " + lines, e);
        }
    }

    /** Returns what it has printed so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits, at most 60 seconds, for a line beyond the first {@code after} ones; returns it. */
    public String await(int after, Predicate<String> line) {
        try {
            Awaitility.await("a line of the process")
                    .atMost(LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> lines.stream().skip(after).anyMatch(line));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("The process did not say what was awaited; it said " + tail(), e);
        }
        return lines.stream().skip(after).filter(line).findFirst().orElseThrow();
    }

    private List<String> tail() {
        return lines.subList(Math.max(0, lines.size() - 30), lines.size());
    }

    /** Waits, at most 60 seconds, until it has ended and all that it said is here. */
    public void awaitEnd() {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("The process has not ended; it said " + tail());
            }
            reader.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops all its threads where they are (SIGSTOP). */
    public void pause() {
        Command.signal("STOP", process.pid());
    }

    /** Lets it go on (SIGCONT); its clocks have gone on meanwhile. */
    public void resume() {
        Command.signal("CONT", process.pid());
    }

    /** Kills it (SIGKILL) and waits until it is gone. */
    public void kill() {
        Processes.killTree(process.pid());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
