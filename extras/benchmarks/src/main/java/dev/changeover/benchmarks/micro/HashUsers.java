package dev.changeover.benchmarks.micro;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The port over a map: the cheapest repository there is, so that what is around it shows. */
final class HashUsers implements Users {

    static final int SIZE = 1024;

    private final Map<Long, User> users = new HashMap<>();

    HashUsers() {
        for (long number = 0; number < SIZE; number++) {
            users.put(number, User.numbered(number));
        }
    }

    /** Returns the keys, boxed once. */
    static Long[] keys() {
        Long[] keys = new Long[SIZE];
        for (int i = 0; i < SIZE; i++) {
            keys[i] = (long) i;
        }
        return keys;
    }

    @Override
    public User find(Long id) {
        return users.get(id);
    }

    @Override
    public String name(Long id) {
        return users.get(id).name();
    }

    @Override
    public String email(Long id) {
        return users.get(id).email();
    }

    @Override
    public Instant createdAt(Long id) {
        return users.get(id).createdAt();
    }

    @Override
    public String status(Long id) {
        return users.get(id).status();
    }

    @Override
    public UUID tenant(Long id) {
        return users.get(id).tenant();
    }

    @Override
    public Integer visits(Long id) {
        return users.get(id).visits();
    }

    @Override
    public Boolean active(Long id) {
        return users.get(id).active();
    }
}
