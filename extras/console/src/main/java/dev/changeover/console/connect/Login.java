package dev.changeover.console.connect;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where the database is. What an option says comes before the file, and the file before the environment. A
 * password is taken from the file or the environment, never from an argument, which every user of the machine can see.
 */
public final class Login {
    private static final String URL = "CHANGEOVER_URL";
    private static final String USER = "CHANGEOVER_USER";
    private static final String PASSWORD = "CHANGEOVER_PASSWORD";

    private Login() {}

    /**
     * Returns the target.
     *
     * @param url the option, or null
     * @param user the option, or null
     * @param config the option, or null
     * @param environment the variables of the process
     * @throws ConsoleException if there is none, or a password is where it must not be
     */
    public static Target find(
            @Nullable String url, @Nullable String user, @Nullable Path config, Map<String, String> environment) {
        if (url != null && Secrets.in(url)) {
            throw ConsoleException.usage(
                    "--url: it holds a password, which every user of this machine can see",
                    "Leave it out and set " + PASSWORD + ", or use --config or a .pgpass file. Change the password");
        }
        ConfigFile file = config == null ? null : ConfigFile.read(config);
        String found = first(url, file == null ? null : file.get("url"), environment.get(URL));
        if (found == null) {
            throw ConsoleException.usage(
                    "No database is named",
                    "Give --url jdbc:postgresql://HOST/DATABASE, set " + URL + ", or use --config");
        } else if (!found.startsWith("jdbc:postgresql:")) {
            throw ConsoleException.usage(
                    "The URL is not one of PostgreSQL's driver", "Write it as jdbc:postgresql://HOST:PORT/DATABASE");
        }
        return new Target(
                found,
                first(user, file == null ? null : file.get("user"), environment.get(USER)),
                first(file == null ? null : file.get("password"), environment.get(PASSWORD)));
    }

    private static @Nullable String first(@Nullable String... values) {
        for (String value : values) {
            if (value != null && !value.isBlank()) {
                return Objects.requireNonNull(value);
            }
        }
        return null;
    }
}
