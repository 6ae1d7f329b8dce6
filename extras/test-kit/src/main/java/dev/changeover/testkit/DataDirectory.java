package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One cluster's files. A temporary one is locked by its JVM, so that a later JVM can clear up what a killed one left. */
final class DataDirectory implements AutoCloseable {
    private static final String PREFIX = "cluster-";

    /** This JVM's own: to open and close their lock files once more would release the locks. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final @Nullable FileChannel lock;

    private DataDirectory(Path path, @Nullable FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** A fresh directory that is deleted on close. */
    static DataDirectory temporary(PostgresBinaries binaries) {
        try {
            Path parent = Files.createTempDirectory(WorkingDirectory.root(), PREFIX);
            OWN.add(parent);
            FileChannel lock = FileChannel.open(lockFile(parent), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock.lock();
            WorkingDirectory.copy(binaries.template(), parent.resolve("data"));
            return new DataDirectory(parent.resolve("data"), lock);
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
        try (Stream<Path> entries = Files.list(WorkingDirectory.root())) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(PREFIX) && !OWN.contains(entry))
                    .filter(entry -> Files.exists(entry.resolve("data").resolve("changeover.conf")))
                    .forEach(entry -> clearIfAbandoned(entry, binaries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clearIfAbandoned(Path parent, PostgresBinaries binaries) {
        try (FileChannel channel = FileChannel.open(lockFile(parent), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                new DataDirectory(parent.resolve("data"), null).stopServer(binaries);
                WorkingDirectory.delete(parent);
                Files.deleteIfExists(lockFile(parent));
            }
        } catch (IOException e) {
            // its owner or another JVM is deleting it right now
        }
    }

    private void stopServer(PostgresBinaries binaries) {
        if (postmaster().isPresent()) {
            Command.postgres(List.of(binaries.program("pg_ctl"), "stop", "-D", path.toString(), "-m", "immediate"));
        }
    }

    private static Path lockFile(Path parent) {
        return parent.resolveSibling(parent.getFileName() + ".lock");
    }

    Path path() {
        return path;
    }

    boolean isTemporary() {
        return lock != null;
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
        if (lock == null) {
            return;
        }
        try {
            Path parent = Objects.requireNonNull(path.getParent());
            WorkingDirectory.delete(parent);
            lock.close();
            Files.deleteIfExists(lockFile(parent));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
