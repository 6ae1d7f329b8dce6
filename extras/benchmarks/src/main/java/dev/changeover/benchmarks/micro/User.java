package dev.changeover.benchmarks.micro;

import java.time.Instant;
import java.util.UUID;

/** The entity of the micro benchmarks: eight fields, some of them primitive. */
record User(
        long id, String name, String email, Instant createdAt, String status, UUID tenant, int visits, boolean active) {

    /** Returns the user of this number, always equal and never the same instance. */
    static User numbered(long number) {
        return new User(
                number,
                "Name " + number,
                "user" + number + "@example.org",
                Instant.ofEpochSecond(1_600_000_000L + number, 123_000),
                number % 3 == 0 ? "disabled" : "active",
                new UUID(number, ~number),
                (int) number % 100,
                number % 3 != 0);
    }
}
