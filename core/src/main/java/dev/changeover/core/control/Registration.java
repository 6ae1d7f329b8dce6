package dev.changeover.core.control;

import dev.changeover.core.ConfigurationException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a repository tells the control schema of itself when it is built.
 *
 * @param name the name of the repository
 * @param dependsOn the repositories whose rows its rows refer to
 * @param atomic whether a failing follower fails the write
 * @param shared whether both sides use the same tables
 * @param legacyOnly the operations that new does not have yet
 * @param bulk the operations whose keys only sentinels tell
 * @param writes the writes that new has, which can be rehearsed
 * @param legacyTables the tables that legacy has for itself, qualified and quoted, which can be retired
 */
public record Registration(
        String name,
        List<String> dependsOn,
        boolean atomic,
        boolean shared,
        List<String> legacyOnly,
        List<String> bulk,
        List<String> writes,
        List<String> legacyTables) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** Checks the name and copies the lists. */
    public Registration {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigurationException(
                    name,
                    "not a name for a repository",
                    "Use lower case letters, digits and underscores, at most 63, beginning with a letter");
        }
        dependsOn = List.copyOf(dependsOn);
        legacyOnly = List.copyOf(legacyOnly);
        bulk = List.copyOf(bulk);
        writes = List.copyOf(writes);
        legacyTables = List.copyOf(legacyTables);
    }

    /** A repository that has no writes to rehearse and names no tables. */
    public Registration(
            String name,
            List<String> dependsOn,
            boolean atomic,
            boolean shared,
            List<String> legacyOnly,
            List<String> bulk) {
        this(name, dependsOn, atomic, shared, legacyOnly, bulk, List.of(), List.of());
    }
}
