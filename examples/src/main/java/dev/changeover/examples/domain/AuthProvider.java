package dev.changeover.examples.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/**
 * One way in which a user may log in; a child of {@link User}.
 *
 * @param id derived from the user and the type, so that two copies of one user never disagree about it
 * @param type such as {@code LOCAL}
 * @param providerId who the user is there
 * @param lastUsedAt when it was last used
 */
public record AuthProvider(UUID id, String type, String providerId, Instant lastUsedAt) {

    /** The only kind that the legacy schema can express: e-mail address and password. */
    public static final String LOCAL = "LOCAL";

    /** Keeps what the database can keep. */
    public AuthProvider {
        lastUsedAt = Times.micros(lastUsedAt);
    }

    /** Returns the provider that the guide derives from a legacy user. */
    public static AuthProvider local(UUID user, String email, Instant updatedAt) {
        return new AuthProvider(derivedId(user, LOCAL), LOCAL, email, updatedAt);
    }

    /** Returns what SQL calls {@code md5(user_id || ':' || type)::uuid}. */
    static UUID derivedId(UUID user, String type) {
        ByteBuffer hash = ByteBuffer.wrap(md5().digest((user + ":" + type).getBytes(StandardCharsets.UTF_8)));
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
