package dev.changeover.examples.domain;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The users of the application. */
public interface UserRepository {

    /** Finds one. */
    Optional<User> findById(UUID id);

    /** Finds one by another unique value. */
    Optional<User> findByEmail(String email);

    /** Finds many, ordered by id; unknown ids are left out. */
    List<User> findAllById(Collection<UUID> ids);

    /** Returns a page of all users, the oldest first. */
    Page<User> page(int offset, int size);

    /** Counts the users. */
    long count();

    /** Adds a user and returns it as it was stored. */
    User create(User user);

    /**
     * Changes a user and returns it as it was stored, its version counted up.
     *
     * @throws org.springframework.dao.OptimisticLockingFailureException if somebody else changed or deleted it
     */
    User save(User user);

    /** Deletes a user: for good in legacy, softly in new. Unknown ids are ignored. */
    void delete(UUID id);

    /** Deactivates these users in one statement and returns how many there were. */
    int deactivateAll(Collection<UUID> ids, Instant at);
}
