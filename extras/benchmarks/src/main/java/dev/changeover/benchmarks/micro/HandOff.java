package dev.changeover.benchmarks.micro;

import java.util.concurrent.locks.LockSupport;

/** A repository whose reads are repeated by another thread. */
interface HandOff extends AutoCloseable {

    int QUEUE = 4096;
    int BACKLOG = 400;

    /** Reads on the thread of the caller and hands the repetition over. */
    User find(Long id) throws Exception;

    /** Tells whether everything that was handed over is done. */
    boolean idle();

    /** Returns the gate before the other side. */
    GatedUsers gate();

    @Override
    void close() throws Exception;

    /** Leaves the worker in the midst of a backlog. */
    default void keepBusy(Keys keys) throws Exception {
        awaitIdle();
        gate().shut();
        for (int i = 0; i < BACKLOG; i++) {
            find(keys.next());
        }
        while (!gate().waiting()) {
            LockSupport.parkNanos(20_000);
        }
        gate().open();
    }

    /** Leaves the worker without work, until it sleeps. */
    default void park() {
        awaitIdle();
        LockSupport.parkNanos(300_000);
    }

    /** Calls often enough for the compiler to be done. */
    default void warmUp(Keys keys) throws Exception {
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < BACKLOG; i++) {
                find(keys.next());
            }
            awaitIdle();
        }
    }

    private void awaitIdle() {
        while (!idle()) {
            LockSupport.parkNanos(50_000);
        }
    }
}
