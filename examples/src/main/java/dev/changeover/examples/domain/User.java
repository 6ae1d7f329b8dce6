package dev.changeover.examples.domain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user with the ways to log in. What legacy has no column for ({@code username}, {@code authProviders}) is a pure
 * function of the rest, so that both sides hold the same user.
 *
 * @param id given by the application
 * @param username derived: local part of the address, a dash, the first eight digits of the id
 * @param email unique among the users that are not deleted
 * @param passwordHash opaque
 * @param displayName as the user typed it, blanks included
 * @param active whether the user may log in
 * @param createdAt when the application created it
 * @param updatedAt when the application last changed it
 * @param version for the optimistic lock; counted up by the side that leads
 * @param authProviders derived: the local one
 */
public record User(
        UUID id,
        String username,
        String email,
        String passwordHash,
        @Nullable String displayName,
        boolean active,
        Instant createdAt,
        Instant updatedAt,
        long version,
        List<AuthProvider> authProviders) {

    /** Keeps what the database can keep. */
    public User {
        createdAt = Times.micros(createdAt);
        updatedAt = Times.micros(updatedAt);
        authProviders = List.copyOf(authProviders);
    }

    /** Returns a user as legacy knows it, with everything derived. */
    public static User of(
            UUID id,
            String email,
            String passwordHash,
            @Nullable String displayName,
            boolean active,
            Instant createdAt,
            Instant updatedAt,
            long version) {
        List<AuthProvider> providers = List.of(AuthProvider.local(id, email, updatedAt));
        return new User(
                id,
                username(email, id),
                email,
                passwordHash,
                displayName,
                active,
                createdAt,
                updatedAt,
                version,
                providers);
    }

    /** Never "if taken": the name may depend on nothing but the user, or two copies could differ. */
    static String username(String email, UUID id) {
        int at = email.indexOf('@');
        return (at < 0 ? email : email.substring(0, at)) + "-" + id.toString().substring(0, 8);
    }

    /** Returns this user under another name. */
    public User renamed(@Nullable String newName, Instant at) {
        return of(id, email, passwordHash, newName, active, createdAt, at, version);
    }

    /** Returns this user with another address. */
    public User withEmail(String newEmail, Instant at) {
        return of(id, newEmail, passwordHash, displayName, active, createdAt, at, version);
    }

    /** Returns this user as one who may not log in. */
    public User deactivated(Instant at) {
        return of(id, email, passwordHash, displayName, false, createdAt, at, version);
    }

    /** Returns this user as it is after one more write. */
    public User nextVersion() {
        return of(id, email, passwordHash, displayName, active, createdAt, updatedAt, version + 1);
    }
}
