package dev.changeover.examples.kills;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the lives are to end, in the order of the walk: at every point several times, each a random time after it. The
 * first time at a move the kill comes at once, so that it surely hits the move; the next ones may come later, and when
 * one comes after the move was made, what was still planned for that move is left out. The steps of mending the fault of
 * release 1 have their targets apart: traffic says in which phase it is found.
 */
final class KillPlan {

    private static final String ALL = "users+rooms+audit_logs";
    private static final List<String> REPOSITORIES = List.of("users", "rooms", "audit_logs");
    private static final long[] MOVE_MILLIS = {4, 25, 120, 400};
    private static final long STEP_MILLIS = 150;
    private static final long START_MILLIS = 2500;

    private final Deque<Target> targets = new ArrayDeque<>();
    private final Deque<Target> mending = new ArrayDeque<>();

    private KillPlan(List<Target> targets) {
        targets.forEach(each -> (each.point().ofMend() ? mending : this.targets).add(each));
    }

    /** One kill at each of these points, at most so long after it. */
    static KillPlan at(long seed, long millis, Point... points) {
        SplittableRandom random = new SplittableRandom(seed);
        return new KillPlan(List.of(points).stream()
                .map(point -> target(point, millis, random))
                .toList());
    }

    /**
     * Kills in every phase and in every kind of move.
     *
     * @param rounds how often each point is a target
     * @param stay how long the job stays in a phase
     */
    static KillPlan everywhere(long seed, int rounds, Duration stay) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Target> targets = new ArrayList<>();
        for (Point point : points()) {
            for (int round = 0; round < rounds(point, rounds); round++) {
                targets.add(target(point, window(point, round, stay.toMillis()), random));
            }
        }
        return new KillPlan(targets);
    }

    private static Target target(Point point, long millis, SplittableRandom random) {
        return new Target(point, random.nextLong(millis * 1_000_000));
    }

    /** Moves are short and matter most; what happens at the start is the same in every life. */
    private static int rounds(Point point, int rounds) {
        return point.move() != null ? rounds + 1 : point.ofEveryLife() ? 1 : rounds;
    }

    private static long window(Point point, int round, long stay) {
        if (point.move() != null) {
            return MOVE_MILLIS[Math.min(round, MOVE_MILLIS.length - 1)];
        }
        return switch (point.name()) {
            case "stay", "traffic" -> stay;
            case "start", "wiring" -> START_MILLIS;
            default -> STEP_MILLIS;
        };
    }

    private static List<Point> points() {
        List<Point> points = new ArrayList<>();
        add(points, "LEGACY_ONLY", "fill", "traffic", "schema", "wiring");
        for (String repository : REPOSITORIES) {
            add(points, "DUAL_WRITE", "move " + repository + " to DUAL_WRITE", "backfill " + repository);
        }
        add(points, "DUAL_WRITE", "marks", "stay", "start", "verify rooms");
        REPOSITORIES.forEach(repository -> add(points, "SHADOW", "move " + repository + " to SHADOW"));
        add(points, "SHADOW", "stay", "check", "move " + ALL + " to RAMP");
        add(points, "SHADOW", "divergence open", "fault found", "fault mended", "fault reviewed");
        add(points, "SHADOW", "percent 10");
        add(points, "RAMP_10", "stay", "percent 25");
        add(points, "RAMP_25", "stay", "start", "percent 50");
        add(points, "RAMP_50", "stay", "traffic", "percent 100");
        add(points, "RAMP_100", "stay", "wiring", "move " + ALL + " to NEW_PRIMARY");
        add(points, "NEW_PRIMARY", "stay", "start", "move " + ALL + " to RAMP");
        add(points, "BACK_AT_RAMP", "stay", "check", "move " + ALL + " to NEW_PRIMARY");
        add(points, "NEW_PRIMARY_AGAIN", "stay", "check", "verify rooms", "marks", "move " + ALL + " to NEW_ONLY");
        add(points, "NEW_ONLY", "indexes", "stay", "start", "wiring", "final check");
        return points;
    }

    private static void add(List<Point> points, String phase, String... names) {
        List.of(names).forEach(name -> points.add(new Point(phase, name)));
    }

    /** The job has reached a point: returns the target that is there, or null if it may go on. */
    @Nullable
    Target reached(Point point) {
        if (point.ofMend()) {
            return reachedInMend(point);
        }
        if (!targets.isEmpty() && point.ofEveryLife()) {
            return targets.getFirst().point().equals(point) ? targets.removeFirst() : null;
        }
        if (targets.stream().noneMatch(target -> target.point().equals(point))) {
            return null;
        }
        while (!targets.getFirst().point().equals(point)) {
            targets.removeFirst();
        }
        return targets.removeFirst();
    }

    private @Nullable Target reachedInMend(Point point) {
        Target found = mending.stream()
                .filter(target -> target.point().name().equals(point.name()))
                .findFirst()
                .orElse(null);
        if (found != null) {
            mending.remove(found);
        }
        return found;
    }

    /** The targets that are left. */
    List<Target> targets() {
        return Stream.concat(targets.stream(), mending.stream()).toList();
    }
}
