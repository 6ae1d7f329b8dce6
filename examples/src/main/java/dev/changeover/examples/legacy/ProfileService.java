package dev.changeover.examples.legacy;

import java.time.Instant;
import java.util.UUID;
import org.springframework.transaction.annotation.Transactional;

/**
 * A service as old code bases have them: it changes a managed object and lets Hibernate write it at commit, without
 * calling any repository. {@link FlushListener} exists for it.
 */
public class ProfileService {

    private final UserRows rows;

    ProfileService(UserRows rows) {
        this.rows = rows;
    }

    /** Renames a user by dirty checking; unknown ids are ignored. */
    @Transactional
    public void rename(UUID id, String displayName, Instant at) {
        rows.findById(id).ifPresent(user -> {
            user.displayName = displayName;
            user.updatedAt = at;
        });
    }
}
