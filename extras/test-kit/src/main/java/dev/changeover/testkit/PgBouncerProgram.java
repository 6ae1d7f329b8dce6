package dev.changeover.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The PgBouncer that is installed on this machine.
 *
 * @param path where it is
 * @param version for example {@code 1.18.0}
 */
record PgBouncerProgram(Path path, String version) {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.\\d+");

    /** Finds it, also where Debian installs it, whither a plain user's PATH does not lead; or says how to get it. */
    static PgBouncerProgram ofThisMachine() {
        return in(System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin");
    }

    static PgBouncerProgram in(String searchPath) {
        Path path = find(searchPath)
                .orElseThrow(() -> new IllegalStateException(
                        "There is no pgbouncer on the PATH or in /usr/sbin. Install it, on Debian and Ubuntu with"
                                + " \"apt-get install pgbouncer\", or run the tests without it: they need it only with"
                                + " the Maven profile pgbouncer."));
        return new PgBouncerProgram(path, version(path));
    }

    boolean isAtLeast(int major, int minor) {
        MatchResult version = match(this.version);
        int ownMajor = Integer.parseInt(version.group(1));
        return ownMajor > major || (ownMajor == major && Integer.parseInt(version.group(2)) >= minor);
    }

    private static Optional<Path> find(String searchPath) {
        return Stream.of(searchPath.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String version(Path path) {
        try {
            Process process = new ProcessBuilder(List.of(path.toString(), "--version"))
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return match(text).group();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + path, e);
        }
    }

    private static MatchResult match(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("No version of PgBouncer: " + text);
        }
        return matcher;
    }
}
