package dev.changeover.examples.kills;

import dev.changeover.examples.process.Jvm;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One life of the job: until it reaches a target of the plan and is killed there, or until it ends by itself. */
final class Lifetime {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final KillPlan plan;
    private final PrintWriter log;
    private final long born = System.nanoTime();
    private final CompletableFuture<Target> reached = new CompletableFuture<>();
    private final List<String> verdicts = new ArrayList<>();
    private Point last = new Point("NONE", "none");
    private long lastAt = born;
    private @Nullable Kill kill;

    Lifetime(KillPlan plan, PrintWriter log) {
        this.plan = plan;
        this.log = log;
    }

    /** A line of the job; called by one thread. */
    void line(String line) {
        log.println(line);
        Point point = Point.of(line);
        if (point != null) {
            reach(point);
        } else if (line.startsWith("CHECKED ") || line.startsWith("RESULT ")) {
            verdicts.add(line);
        }
    }

    private synchronized void reach(Point point) {
        last = point;
        lastAt = System.nanoTime();
        if (!reached.isDone()) {
            Target target = plan.reached(point);
            if (target != null) {
                reached.complete(target);
            }
        }
    }

    /** Lets the job live as long as the plan says; returns its exit code, which says nothing if it was killed. */
    int live(Jvm jvm) throws InterruptedException {
        awaitTargetOrEnd(jvm);
        long killed = 0;
        if (reached.isDone() && !jvm.endsWithin(Duration.ofNanos(reached.join().nanos()))) {
            killed = System.nanoTime();
            jvm.kill();
        }
        int code = jvm.await();
        // what it had written before it died counts: it may have gone further than was read when it was killed
        if (killed != 0) {
            kill = new Kill(last, (killed - born) / 1_000_000, Math.max(0, killed - lastAt));
        }
        return code;
    }

    private void awaitTargetOrEnd(Jvm jvm) throws InterruptedException {
        try {
            CompletableFuture.anyOf(reached, jvm.ended()).get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("the job has been at " + last + " for too long", e);
        }
    }

    /** How it was killed, or null if it ended by itself. */
    @Nullable
    Kill kill() {
        return kill;
    }

    /** What the job said of what it found at its beginning and at its end. */
    List<String> verdicts() {
        return verdicts;
    }
}
