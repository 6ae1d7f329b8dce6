package dev.changeover.examples.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Another JVM on the class path of this one, which runs some main class and whose lines are read as they come. */
public final class Jvm implements AutoCloseable {

    private final Process process;
    private final Thread reader;

    private Jvm(Process process, Consumer<String> lines) {
        this.process = process;
        this.reader = new Thread(() -> read(lines), "output of " + process.pid());
        reader.start();
    }

    /**
     * Starts one; its errors are lines too.
     *
     * @param heap how much memory it may take, such as 512m
     */
    public static Jvm start(Class<?> main, String heap, List<String> arguments, Consumer<String> lines)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // it lives for seconds: the optimising compiler takes more than it gives back
        command.addAll(List.of("-Xmx" + heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(List.of("-Dorg.jooq.no-logo=true", "-Dorg.jooq.no-tips=true"));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new Jvm(new ProcessBuilder(command).redirectErrorStream(true).start(), lines);
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            in.lines().forEach(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            if (process.isAlive()) {
                throw e;
            }
            // the pipe of a killed process
        }
    }

    /** Completes when it ends, by itself or killed. */
    public CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** Waits for its end, at most this long. */
    public boolean endsWithin(Duration duration) throws InterruptedException {
        return process.waitFor(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Closes what it reads: whoever wants to know whether its parent is still there learns that it is not. */
    public void closeInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Kills it with SIGKILL: it can neither finish nor tell anything. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Waits until it has ended and all that it had written was read; returns its exit code. */
    public int await() throws InterruptedException {
        int code = process.waitFor();
        reader.join();
        return code;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
