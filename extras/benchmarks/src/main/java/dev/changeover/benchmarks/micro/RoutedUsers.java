package dev.changeover.benchmarks.micro;

import dev.changeover.core.Dual;
import java.time.Instant;
import java.util.UUID;

/** The router that a user of the library writes by hand, one line a method. */
final class RoutedUsers implements Users {

    private final Dual<Users, Long, User> dual;

    RoutedUsers(Dual<Users, Long, User> dual) {
        this.dual = dual;
    }

    @Override
    public User find(Long id) {
        return dual.read("find", id, users -> users.find(id));
    }

    @Override
    public String name(Long id) {
        return dual.read("name", id, users -> users.name(id));
    }

    @Override
    public String email(Long id) {
        return dual.read("email", id, users -> users.email(id));
    }

    @Override
    public Instant createdAt(Long id) {
        return dual.read("createdAt", id, users -> users.createdAt(id));
    }

    @Override
    public String status(Long id) {
        return dual.read("status", id, users -> users.status(id));
    }

    @Override
    public UUID tenant(Long id) {
        return dual.read("tenant", id, users -> users.tenant(id));
    }

    @Override
    public Integer visits(Long id) {
        return dual.read("visits", id, users -> users.visits(id));
    }

    @Override
    public Boolean active(Long id) {
        return dual.read("active", id, users -> users.active(id));
    }
}
