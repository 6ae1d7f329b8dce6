package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where unpacked servers and the data of temporary clusters live; one per user of the machine. */
final class WorkingDirectory {

    private WorkingDirectory() {}

    /** The directory, created if need be; the system property {@code changeover.testkit.directory} moves it. */
    static Path root() {
        String fallback =
                System.getProperty("java.io.tmpdir") + "/changeover-test-kit-" + System.getProperty("user.name");
        try {
            return Files.createDirectories(Path.of(System.getProperty("changeover.testkit.directory", fallback))
                    .toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills a directory under a temporary name and then renames it, so that other JVMs never see half of it. */
    static void publish(Path target, Filling filling) {
        try {
            Path draft = Files.createTempDirectory(root(), "draft-");
            filling.fill(draft);
            try {
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                delete(draft);
                if (!Files.isDirectory(target)) {
                    throw e;
                }
                // another JVM was faster; its directory has the same content
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + target, e);
        }
    }

    /** Copies a data directory; the copy is readable by its owner only, which the server insists on. */
    static void copy(Path source, Path target) {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = target.resolve(source.relativize(file).toString());
                if (!Files.isDirectory(copy)) {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy " + source + " to " + target, e);
        }
    }

    /** Deletes a directory with all it holds, if it exists. */
    static void delete(Path directory) {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new Deletion());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + directory, e);
        }
    }

    /** Writes the content of a directory. */
    @FunctionalInterface
    interface Filling {
        void fill(Path directory) throws IOException;
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            // a server that is shutting down removes files of its own
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
