package dev.changeover.testkit;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The server's programs, unpacked once per machine and version into the working directory.
 *
 * @param home the directory that holds {@code bin}
 */
record PostgresBinaries(Path home) {

    /** Unpacks the binaries of the class path, unless an earlier run did. */
    static synchronized PostgresBinaries unpacked() {
        try {
            Path home = WorkingDirectory.root().resolve("server-" + fingerprint());
            if (!Files.isDirectory(home)) {
                WorkingDirectory.publish(home, PostgresBinaries::unpackInto);
            }
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack the PostgreSQL binaries", e);
        }
    }

    /** The path of a program, for example {@code initdb}. */
    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /**
     * A data directory as initdb leaves it, to be copied: a copy takes a quarter of a second, initdb several.
     *
     * <p>The system locale of the machine must not decide how tests sort and report, so it is fixed here.
     */
    synchronized Path template() {
        Path template = WorkingDirectory.root().resolve(home.getFileName() + "-data");
        if (!Files.isDirectory(template)) {
            WorkingDirectory.publish(template, this::initialise);
        }
        return template;
    }

    private void initialise(Path directory) {
        String locale = System.getProperty("os.name").equals("Linux") ? "C.UTF-8" : "C";
        Command.postgres(List.of(
                program("initdb"),
                "--pgdata=" + directory,
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=" + locale,
                "--no-sync"));
    }

    /** The archive for this machine; without one the resolver logs which artifact the class path lacks, and throws. */
    private static InputStream archive() throws IOException {
        return new BufferedInputStream(
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system(), System.getProperty("os.arch")), 1 << 16);
    }

    private static String system() {
        String name = System.getProperty("os.name");
        if (Command.isWindows()) {
            return "Windows";
        }
        return name.startsWith("Mac") ? "Darwin" : name;
    }

    private static String fingerprint() throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(archive(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static void unpackInto(Path directory) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, directory.resolve(entry.getName()));
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        if ((entry.getMode() & 0100) != 0) {
            target.toFile().setExecutable(true);
        }
    }
}
