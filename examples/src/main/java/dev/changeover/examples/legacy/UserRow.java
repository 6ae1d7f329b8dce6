package dev.changeover.examples.legacy;

import dev.changeover.examples.domain.User;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code users}, private to this side: it is managed, the entities that leave this side are not. */
@Entity
@Table(name = "users")
class UserRow {

    @Id
    UUID id;

    String email;
    String passwordHash;

    @Nullable
    String displayName;

    boolean isActive;
    Instant createdAt;
    Instant updatedAt;

    /** Null before the row is stored, which is how Spring Data tells a new one. */
    @Version
    @Nullable
    Long version;

    UserRow() {}

    UserRow(User user) {
        id = user.id();
        createdAt = user.createdAt();
        apply(user);
    }

    /** Takes over what an application may change. */
    final void apply(User user) {
        email = user.email();
        passwordHash = user.passwordHash();
        displayName = user.displayName();
        isActive = user.active();
        updatedAt = user.updatedAt();
    }

    User toUser() {
        return User.of(
                id, email, passwordHash, displayName, isActive, createdAt, updatedAt, version == null ? 0 : version);
    }
}
