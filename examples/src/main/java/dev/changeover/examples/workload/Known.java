package dev.changeover.examples.workload;

import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What one writer was told of the keys that nobody else writes. A read that disagrees is an error: it lost an
 * acknowledged write, or saw one that was taken back.
 */
final class Known {

    private final Map<UUID, Object> states = new HashMap<>();

    void is(User user) {
        states.put(user.id(), user);
    }

    void is(Room room) {
        states.put(room.id(), room);
    }

    /** After a deletion. */
    void forget(UUID key) {
        states.remove(key);
    }

    /** After an unknown outcome. */
    void clear() {
        states.clear();
    }

    /** Compares what was read with what was told. */
    <T> T check(UUID key, T read) {
        Object told = states.get(key);
        if (told != null && !told.equals(read)) {
            throw new IllegalStateException("a read served " + read + " although the writer was told " + told);
        }
        return read;
    }
}
