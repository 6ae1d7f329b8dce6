package dev.changeover.core.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The threads of one run: the caller's and others that begin when there is enough to do. The first failure ends all. */
final class Crew {

    private final String name;
    private final int others;
    private final Runnable work;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;
    private @Nullable Throwable failure;

    /**
     * @param workers how many they are, the caller's thread included
     */
    Crew(String name, int workers, Runnable work) {
        this.name = name;
        this.others = workers - 1;
        this.work = work;
    }

    /** Works on this thread, and returns when all others have ended, too. */
    void run() {
        runOne();
        boolean interrupted = false;
        for (Thread thread : threads()) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    over = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        rethrow();
    }

    private synchronized List<Thread> threads() {
        return List.copyOf(threads);
    }

    /** Lets the others begin, if they have not. */
    synchronized void call() {
        for (int i = threads.size(); i < others && !over; i++) {
            Thread thread = new Thread(this::runOne, "changeover-" + name + "-" + (i + 2));
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    boolean over() {
        return over;
    }

    private void runOne() {
        try {
            work.run();
        } catch (Throwable e) {
            failed(e);
        }
    }

    private synchronized void failed(Throwable e) {
        if (failure == null) {
            failure = e;
        } else if (failure != e) {
            failure.addSuppressed(e);
        }
        over = true;
    }

    private synchronized void rethrow() {
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
    }
}
