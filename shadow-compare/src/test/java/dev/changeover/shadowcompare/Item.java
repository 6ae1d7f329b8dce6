package dev.changeover.shadowcompare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The entity of the tests on PostgreSQL. */
record Item(long id, String name, @Nullable String note, Instant at) {

    static final Instant THEN = Instant.parse("2026-01-02T03:04:05.000006Z");

    static Item of(long id) {
        return new Item(id, "item " + id, null, THEN);
    }
}
