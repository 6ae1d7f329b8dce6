package dev.changeover.testkit;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Runs the server's programs and signals, waits for their end, and fails with what they printed. */
final class Command {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Command() {}

    /** Runs a PostgreSQL program and waits for its end. */
    static void postgres(List<String> command) {
        run(unprivileged(command));
    }

    /** The command for a program that refuses to run as root: as root it runs in a user namespace. */
    static List<String> unprivileged(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            whole.addAll(List.of("unshare", "-U"));
        }
        whole.addAll(command);
        return whole;
    }

    /** Sends a signal such as {@code STOP} to a process of this machine. */
    static void signal(String signal, long pid) {
        if (isWindows()) {
            throw new UnsupportedOperationException("Windows has no signal " + signal);
        }
        run(List.of("kill", "-" + signal, Long.toString(pid)));
    }

    static boolean isWindows() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    }

    private static void run(List<String> command) {
        try {
            // a file and not a pipe: the server inherits it, and a pipe would stay open for as long as the server runs
            Path output = Files.createTempFile("changeover-", ".log");
            try {
                finish(command, start(command, output), output);
            } finally {
                output.toFile().delete();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + command, e);
        }
    }

    /** Starts a program without the settings that the user made for PostgreSQL's clients. */
    static Process start(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private static void finish(List<String> command, Process process, Path output) throws IOException {
        int status = exitStatus(command, process);
        if (status != 0) {
            throw new IllegalStateException(
                    "%s ended with status %d:%n%s".formatted(command, status, Files.readString(output)));
        }
    }

    private static int exitStatus(List<String> command, Process process) {
        try {
            if (process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            throw new IllegalStateException(command + " did not end within " + LIMIT);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + command, e);
        }
    }
}
