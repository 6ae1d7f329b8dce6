package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A temporary directory that its JVM has locked, so that a later JVM can clear up what a killed one left. */
final class OwnDirectory implements AutoCloseable {

    /** This JVM's own: to open and close their lock files once more would release the locks. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private OwnDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** A fresh directory whose name begins with the prefix; it is deleted on close. */
    static OwnDirectory create(String prefix) throws IOException {
        Path path = Files.createTempDirectory(WorkingDirectory.root(), prefix);
        OWN.add(path);
        FileChannel lock = FileChannel.open(lockFile(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        return new OwnDirectory(path, lock);
    }

    /**
     * Ends what runs in the directories of JVMs that ended without closing them, and deletes these.
     *
     * @param mark a file that is there as soon as there is something to end
     */
    static void clearAbandoned(String prefix, Path mark, Consumer<Path> end) {
        try (Stream<Path> entries = Files.list(WorkingDirectory.root())) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(prefix) && !OWN.contains(entry))
                    .filter(entry -> Files.exists(entry.resolve(mark)))
                    .forEach(entry -> clearIfAbandoned(entry, end));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clearIfAbandoned(Path path, Consumer<Path> end) {
        try (FileChannel channel = FileChannel.open(lockFile(path), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                end.accept(path);
                WorkingDirectory.delete(path);
                Files.deleteIfExists(lockFile(path));
            }
        } catch (IOException e) {
            // its owner or another JVM is deleting it right now
        }
    }

    private static Path lockFile(Path path) {
        return path.resolveSibling(path.getFileName() + ".lock");
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            WorkingDirectory.delete(path);
            lock.close();
            Files.deleteIfExists(lockFile(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
