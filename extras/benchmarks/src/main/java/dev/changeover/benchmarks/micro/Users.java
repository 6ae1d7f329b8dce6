package dev.changeover.benchmarks.micro;

import java.time.Instant;
import java.util.UUID;

/** A port with eight reads, so that a router over it has eight lambda shapes. */
interface Users {

    int SHAPES = 8;

    User find(Long id);

    String name(Long id);

    String email(Long id);

    Instant createdAt(Long id);

    String status(Long id);

    UUID tenant(Long id);

    Integer visits(Long id);

    Boolean active(Long id);

    /** Calls one of the eight methods. */
    static Object call(Users users, int shape, Long id) {
        return switch (shape & (SHAPES - 1)) {
            case 0 -> users.find(id);
            case 1 -> users.name(id);
            case 2 -> users.email(id);
            case 3 -> users.createdAt(id);
            case 4 -> users.status(id);
            case 5 -> users.tenant(id);
            case 6 -> users.visits(id);
            default -> users.active(id);
        };
    }
}
