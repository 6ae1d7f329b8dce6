package dev.changeover.console.connect;

import org.jspecify.annotations.Nullable;

/**
 * A database and who logs in to it. Its text tells no password.
 *
 * @param url a JDBC URL of PostgreSQL
 * @param user the role, or null where the URL says it
 * @param password the password, or null where the URL, a password file or nothing says it
 */
public record Target(
        String url, @Nullable String user, @Nullable String password) {

    /** Returns the host, the port and the name of the database. */
    @Override
    public String toString() {
        int end = url.indexOf('?');
        String place = end < 0 ? url : url.substring(0, end);
        return place.replaceFirst("^jdbc:postgresql:(//)?", "").replaceFirst("^.*@", "");
    }
}
