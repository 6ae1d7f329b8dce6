package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Table;
import dev.changeover.benchmarks.database.Contender.Operation;
import dev.changeover.benchmarks.database.Follower.TripGoal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Round trips of one operation. A proxy counts them; a watch on the statements says whose they are: those that name a
 * table of the contender belong to the authority or the follower, one is the commit, and the rest is the library's. A
 * message that carries both is the table's.
 */
final class TripCount {

    /** The driver prepares a statement on the server at its fifth use. */
    private static final int WARM_UP = 10;

    private final Table table =
            new Table("write", "insert", "update", "delete", "trips to the tables", "beyond these", "goal", "");
    private final Table profile = new Table("round trip of an update", "p50, ms");

    private final int calls;

    private TripCount(int calls) {
        this.calls = calls;
    }

    /** Counts so many calls of each operation of all contenders. */
    static TripCount run(Stand counted, Stand watched, StatementWatch watch, int calls) throws Exception {
        TripCount count = new TripCount(calls);
        try (Contenders throughProxy = new Contenders(counted);
                Contenders underWatch = new Contenders(watched)) {
            for (int i = 0; i < throughProxy.all().size(); i++) {
                count.add(throughProxy.all().get(i), counted, underWatch.all().get(i), watch);
            }
            throughProxy.check();
            underWatch.check();
        }
        return count;
    }

    List<String> lines() {
        return table.lines();
    }

    List<String> profile() {
        return profile.lines();
    }

    private void add(Contender throughProxy, Stand counted, Contender underWatch, StatementWatch watch)
            throws Exception {
        Map<Operation, Double> trips = new EnumMap<>(Operation.class);
        Map<Operation, List<List<StatementWatch.Trip>>> watched = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            trips.put(operation, count(throughProxy, operation, counted));
            watched.put(operation, StatementProfile.watch(underWatch, operation, WARM_UP, calls, watch));
        }
        StatementProfile update = new StatementProfile(watched.get(Operation.UPDATE));
        double beyond = 0;
        for (Operation operation : Operation.values()) {
            int onTables = new StatementProfile(watched.get(operation)).onTables();
            beyond = Math.max(beyond, trips.get(operation) - onTables - 1);
        }
        TripGoal goal =
                throughProxy instanceof Routed routed ? routed.follower().beyond() : TripGoal.NONE;
        table.row(
                throughProxy.title(),
                number(trips.get(Operation.INSERT)),
                number(trips.get(Operation.UPDATE)),
                number(trips.get(Operation.DELETE)),
                update.onTables() + " and COMMIT",
                number(beyond),
                goal.text(),
                goal.verdict(Collections.max(trips.values()), beyond));
        if (underWatch instanceof Routed) {
            profile.row("**" + underWatch.title() + "**", String.format(Locale.ROOT, "%.3f", update.millis()));
            update.lines().forEach((sql, millis) -> profile.row(sql, String.format(Locale.ROOT, "%.3f", millis)));
        }
    }

    private double count(Contender contender, Operation operation, Stand stand) throws Exception {
        Work work = new Work(operation, stand.rows());
        for (int i = 0; i < WARM_UP; i++) {
            contender.run(operation, work.next());
        }
        stand.proxy().resetCounts();
        for (int i = 0; i < calls; i++) {
            contender.run(operation, work.next());
        }
        return (double) stand.proxy().roundTrips() / calls;
    }

    private static String number(double trips) {
        return trips == Math.rint(trips) ? String.valueOf((long) trips) : String.format(Locale.ROOT, "%.2f", trips);
    }
}
