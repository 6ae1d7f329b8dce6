package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory of a backup while it is written, which only its user may look into. It has another name until all of it is on the disk, so that what was
 * killed in the middle is never taken for a whole one.
 */
final class BackupFiles {

    private final Path whole;
    private final Path part;

    BackupFiles(Path directory) throws IOException {
        this.whole = directory.toAbsolutePath();
        this.part = whole.resolveSibling(whole.getFileName() + ".part");
        if (Files.exists(whole)) {
            throw new ConfigurationException(directory.toString(), "it is there already", "Name a new directory");
        }
        if (Files.exists(part)) {
            throw new ConfigurationException(
                    part.toString(),
                    "a backup was begun here and not finished",
                    "Remove it, or name another directory");
        }
        Files.createDirectories(part);
        try {
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwx------"));
        } catch (UnsupportedOperationException e) {
            // as on Windows
        }
    }

    /** Where other programs write. */
    Path directory() {
        return part;
    }

    /** A stream to a file; what is written is on the disk when it has been closed. */
    OutputStream create(String name) throws IOException {
        FileChannel channel =
                FileChannel.open(part.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Synced(channel);
    }

    private static final class Synced extends java.io.BufferedOutputStream {
        private final FileChannel channel;

        Synced(FileChannel channel) {
            super(Channels.newOutputStream(channel), 1 << 16);
            this.channel = channel;
        }

        @Override
        public void close() throws IOException {
            try (channel) {
                flush();
                channel.force(true);
            }
        }
    }

    /** Gives the directory its name; now it is a backup. */
    Path finish() throws IOException {
        sync(part);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        sync(whole.resolveSibling("."));
        return whole;
    }

    /** The names in a directory are on the disk only after this. Some systems cannot open one; theirs are there already. */
    private static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory.normalize(), StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // as on Windows
        }
    }
}
