package dev.changeover.benchmarks.micro;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** The new side with a gate in front, so that work piles up behind it and is worked off when a measurement begins. */
final class GatedUsers implements Users {

    private final Users users = new HashUsers();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean waiting;

    void shut() {
        waiting = false;
        gate = new CountDownLatch(1);
    }

    void open() {
        gate.countDown();
    }

    /** Tells whether somebody stands before the gate. */
    boolean waiting() {
        return waiting;
    }

    @Override
    public User find(Long id) {
        pass();
        return users.find(id);
    }

    private void pass() {
        CountDownLatch now = gate;
        if (now.getCount() > 0) {
            waiting = true;
            try {
                now.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String name(Long id) {
        return users.name(id);
    }

    @Override
    public String email(Long id) {
        return users.email(id);
    }

    @Override
    public Instant createdAt(Long id) {
        return users.createdAt(id);
    }

    @Override
    public String status(Long id) {
        return users.status(id);
    }

    @Override
    public UUID tenant(Long id) {
        return users.tenant(id);
    }

    @Override
    public Integer visits(Long id) {
        return users.visits(id);
    }

    @Override
    public Boolean active(Long id) {
        return users.active(id);
    }
}
