package dev.changeover.core.control;

import java.util.List;

/**
 * What a repository tells the control schema of itself when it is built.
 *
 * @param name the name of the repository
 * @param dependsOn the repositories whose rows its rows refer to
 * @param atomic whether a failing follower fails the write
 * @param shared whether both sides use the same tables
 * @param legacyOnly the operations that new does not have yet
 */
public record Registration(
        String name, List<String> dependsOn, boolean atomic, boolean shared, List<String> legacyOnly) {

    /** Copies the lists. */
    public Registration {
        dependsOn = List.copyOf(dependsOn);
        legacyOnly = List.copyOf(legacyOnly);
    }
}
