package dev.changeover.examples.workload;

import dev.changeover.examples.domain.Ports;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.ToIntFunction;

/**
 * The build of the application that serves. A new one takes over when every unit of work of the old one has ended, as a
 * rolling deployment drains its instances.
 */
final class Deployment {

    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
    private Ports ports;

    Deployment(Ports ports) {
        this.ports = ports;
    }

    int with(ToIntFunction<Ports> work) {
        lock.readLock().lock();
        try {
            return work.applyAsInt(ports);
        } finally {
            lock.readLock().unlock();
        }
    }

    void replace(Ports next) {
        lock.writeLock().lock();
        try {
            ports = next;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
