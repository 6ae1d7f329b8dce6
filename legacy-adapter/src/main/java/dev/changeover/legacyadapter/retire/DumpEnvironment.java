package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** How a program of PostgreSQL's finds the database of a JDBC URL: by variables, which other users of the machine do not see. */
final class DumpEnvironment {

    private static final Map<String, String> NAMES = Map.of(
            "PGHOST", "PGHOST",
            "PGPORT", "PGPORT",
            "PGDBNAME", "PGDATABASE",
            "user", "PGUSER",
            "password", "PGPASSWORD",
            "sslmode", "PGSSLMODE",
            "sslrootcert", "PGSSLROOTCERT",
            "sslcert", "PGSSLCERT",
            "sslkey", "PGSSLKEY");

    private DumpEnvironment() {}

    static Map<String, String> of(String url, @Nullable String user, @Nullable String password) {
        Properties parsed = Driver.parseURL(url, null);
        if (parsed == null) {
            // the URL may hold a password
            throw new ConfigurationException(
                    "pg_dump", "the URL cannot be read", "Write it as jdbc:postgresql://HOST:PORT/DATABASE");
        }
        Map<String, String> environment = new HashMap<>();
        NAMES.forEach((name, variable) -> put(environment, variable, parsed.getProperty(name)));
        put(environment, "PGUSER", user);
        put(environment, "PGPASSWORD", password);
        environment.put("PGAPPNAME", "changeover backup");
        environment.put("PGCONNECT_TIMEOUT", "10");
        return Map.copyOf(environment);
    }

    private static void put(Map<String, String> environment, String variable, @Nullable String value) {
        if (value != null) {
            environment.put(variable, value);
        }
    }
}
