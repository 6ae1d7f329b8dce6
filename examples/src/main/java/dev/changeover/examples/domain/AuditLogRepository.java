package dev.changeover.examples.domain;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The audit log of the application. */
public interface AuditLogRepository {

    /** Finds one. */
    Optional<AuditLog> findById(long id);

    /** Returns what a user did, the latest first. */
    List<AuditLog> findByUser(UUID userId, int limit);

    /** Counts what a user did. */
    long countByUser(UUID userId);

    /** Adds an entry and returns it with the number that the database gave it. */
    AuditLog append(AuditLog entry);

    /** Deletes an entry. Unknown ids are ignored. */
    void delete(long id);
}
