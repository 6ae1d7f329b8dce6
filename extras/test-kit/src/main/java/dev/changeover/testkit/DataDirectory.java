package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One cluster's files. */
final class DataDirectory implements AutoCloseable {
    private static final String PREFIX = "cluster-";
    private static final Path DATA = Path.of("data");

    private final Path path;
    private final @Nullable OwnDirectory own;

    private DataDirectory(Path path, @Nullable OwnDirectory own) {
        this.path = path;
        this.own = own;
    }

    /** A fresh directory that is deleted on close. */
    static DataDirectory temporary(PostgresBinaries binaries) {
        try {
            OwnDirectory own = OwnDirectory.create(PREFIX);
            Path path = own.path().resolve(DATA);
            WorkingDirectory.copy(binaries.template(), path);
            return new DataDirectory(path, own);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create a data directory", e);
        }
    }

    /** The caller's directory, filled if it is empty or absent, and kept on close. */
    static DataDirectory kept(Path path, PostgresBinaries binaries) {
        if (!Files.exists(path.resolve("PG_VERSION"))) {
            WorkingDirectory.copy(binaries.template(), path.toAbsolutePath());
        }
        return new DataDirectory(path.toAbsolutePath(), null);
    }

    /** Stops the servers and deletes the directories of JVMs that ended without closing their clusters. */
    static void clearAbandoned(PostgresBinaries binaries) {
        OwnDirectory.clearAbandoned(
                PREFIX,
                DATA.resolve("changeover.conf"),
                abandoned -> new DataDirectory(abandoned.resolve(DATA), null).stopServer(binaries));
    }

    private void stopServer(PostgresBinaries binaries) {
        if (postmaster().isPresent()) {
            Command.postgres(List.of(binaries.program("pg_ctl"), "stop", "-D", path.toString(), "-m", "immediate"));
        }
    }

    Path path() {
        return path;
    }

    boolean isTemporary() {
        return own != null;
    }

    /** The process id of the live server on this directory. */
    OptionalLong postmaster() {
        try (Stream<String> lines = Files.lines(path.resolve("postmaster.pid"))) {
            long pid = Long.parseLong(lines.findFirst().orElse("0").trim());
            return Processes.isAlive(pid) && Processes.isPostgres(pid) ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Kills the server and its backends, and removes the file that would keep the next one from starting. */
    void kill() {
        postmaster().ifPresent(pid -> {
            Processes.killTree(pid);
            path.resolve("postmaster.pid").toFile().delete();
        });
    }

    /** Writes the settings to a file of their own that postgresql.conf includes, replacing those of an earlier start. */
    void configure(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("'", "''"))
                .append("'\n"));
        try {
            Files.writeString(path.resolve("changeover.conf"), text);
            Path main = path.resolve("postgresql.conf");
            String include = "include = 'changeover.conf'\n";
            if (!Files.readString(main).endsWith(include)) {
                Files.writeString(main, "\n" + include, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot configure " + path, e);
        }
    }

    /** What the server logged, for the message of a failure. */
    String serverLog() {
        try {
            String log = Files.readString(path.resolve("server.log"));
            return log.substring(Math.max(0, log.length() - 4_000));
        } catch (IOException e) {
            return "(no server log)";
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
