package dev.changeover.examples.legacy;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Spring Data's repository of {@code users}. */
interface UserRows extends JpaRepository<UserRow, UUID> {

    Optional<UserRow> findByEmail(String email);

    List<UserRow> findByIdInOrderById(Collection<UUID> ids);

    Page<UserRow> findAllByOrderByCreatedAtAscIdAsc(Pageable page);

    @Modifying(flushAutomatically = true)
    @Query("update versioned UserRow u set u.isActive = false, u.updatedAt = :at where u.id in :ids")
    int deactivateAll(Collection<UUID> ids, Instant at);
}
