package dev.changeover.console.connect;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A properties file with {@code url}, {@code user} and {@code password}. With a password it is its owner's alone. */
final class ConfigFile {
    private static final Set<String> KNOWN = Set.of("url", "user", "password");
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Properties properties;

    private ConfigFile(Properties properties) {
        this.properties = properties;
    }

    static ConfigFile read(Path path) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            properties.load(reader);
            ConfigFile file = new ConfigFile(properties);
            file.refuseTypos(path);
            file.refuseOthers(path);
            return file;
        } catch (IOException | IllegalArgumentException e) {
            // the message of neither is shown: it may quote the file
            throw ConsoleException.error(
                    "--config: " + path + " cannot be read", "Give a properties file with url, user and password");
        }
    }

    private void refuseTypos(Path path) {
        for (String name : properties.stringPropertyNames()) {
            if (!KNOWN.contains(name)) {
                throw ConsoleException.error(
                        "--config: " + path + " has an unknown key " + name, "Known are url, user and password");
            }
        }
    }

    private void refuseOthers(Path path) throws IOException {
        String url = get("url");
        boolean secret = get("password") != null || (url != null && Secrets.in(url));
        if (secret && path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> others = Files.getPosixFilePermissions(path);
            others.retainAll(OTHERS);
            if (!others.isEmpty()) {
                throw ConsoleException.error(
                        "--config: " + path + " holds a password and is open to others", "Run: chmod 600 " + path);
            }
        }
    }

    @Nullable
    String get(String name) {
        return properties.getProperty(name);
    }
}
