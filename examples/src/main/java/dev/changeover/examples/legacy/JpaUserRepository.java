package dev.changeover.examples.legacy;

import dev.changeover.examples.domain.Page;
import dev.changeover.examples.domain.Times;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.domain.UserRepository;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.orm.ObjectOptimisticLockingFailureException;
import org.springframework.transaction.annotation.Transactional;

/**
 * Users through Spring Data JPA. Every call flushes and detaches: the persistence context holds nothing between two
 * calls that a rolled back savepoint would leave wrong.
 */
@Transactional
class JpaUserRepository implements UserRepository {

    private final UserRows rows;
    private final EntityManager entities;

    JpaUserRepository(UserRows rows, EntityManager entities) {
        this.rows = rows;
        this.entities = entities;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<User> findById(UUID id) {
        return rows.findById(id).map(this::detached);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<User> findByEmail(String email) {
        return rows.findByEmail(email).map(this::detached);
    }

    @Override
    @Transactional(readOnly = true)
    public List<User> findAllById(Collection<UUID> ids) {
        return rows.findByIdInOrderById(ids).stream().map(this::detached).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public Page<User> page(int offset, int size) {
        var page = rows.findAllByOrderByCreatedAtAscIdAsc(OffsetPage.of(offset, size));
        return new Page<>(page.stream().map(this::detached).toList(), page.getTotalElements());
    }

    @Override
    @Transactional(readOnly = true)
    public long count() {
        return rows.count();
    }

    @Override
    public User create(User user) {
        return FlushListener.own("users", user.id(), () -> {
            UserRow row = new UserRow(user);
            entities.persist(row);
            rows.flush();
            return detached(row);
        });
    }

    @Override
    public User save(User user) {
        return FlushListener.own("users", user.id(), () -> {
            UserRow row = present(user);
            row.apply(user);
            rows.flush();
            return detached(row);
        });
    }

    private UserRow present(User user) {
        UserRow row = rows.findById(user.id()).orElse(null);
        if (row == null || row.version == null || row.version != user.version()) {
            throw new ObjectOptimisticLockingFailureException(UserRow.class, user.id());
        }
        return row;
    }

    @Override
    public void delete(UUID id) {
        FlushListener.own("users", id, () -> {
            rows.deleteById(id);
            rows.flush();
            return null;
        });
    }

    @Override
    public int deactivateAll(Collection<UUID> ids, Instant at) {
        return rows.deactivateAll(ids, Times.micros(at));
    }

    private User detached(UserRow row) {
        entities.detach(row);
        return row.toUser();
    }
}
