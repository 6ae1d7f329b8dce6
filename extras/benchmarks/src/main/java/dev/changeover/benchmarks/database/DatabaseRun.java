package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Options;
import dev.changeover.benchmarks.Section;
import dev.changeover.benchmarks.Table;
import dev.changeover.testkit.PostgresCluster;
import java.util.ArrayList;
import java.util.List;

/** Runs what needs a PostgreSQL, on a cluster of its own with fsync and synchronous_commit on. */
public final class DatabaseRun {

    private static final long STATEMENT_ROWS = 20_000;

    private final Options options;

    /** Creates the run. */
    public DatabaseRun(Options options) {
        this.options = options;
    }

    /** Runs everything and returns the sections of the README. */
    public List<Section> run() throws Exception {
        // a pool that tests an idle connection would add round trips that are not the contender's
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "600000");
        try (PostgresCluster cluster = PostgresCluster.builder().start()) {
            return List.of(trips(cluster), times(cluster), background(cluster), sentinels(cluster), shadow(cluster));
        }
    }

    /** Runs what concerns sentinels only. */
    public List<Section> runSentinels() throws Exception {
        try (PostgresCluster cluster = PostgresCluster.builder().start()) {
            return List.of(sentinels(cluster));
        }
    }

    Section trips(PostgresCluster cluster) throws Exception {
        say("round trips");
        StatementWatch watch = new StatementWatch();
        try (Stand counted = Stand.counted(cluster, Stand.FEW_ROWS);
                Stand watched = Stand.watched(cluster, Stand.FEW_ROWS, watch)) {
            TripCount count = TripCount.run(counted, watched, watch, options.shortRun() ? 50 : 300);
            return section("trips", "", count.lines(), count.profile());
        }
    }

    Section times(PostgresCluster cluster) throws Exception {
        int operations = options.shortRun() ? 10 : 20;
        say("paired times, " + options.windows() + " windows");
        try (Stand stand = Stand.direct(cluster, PairedTimes.rows(options.windows(), operations))) {
            PairedTimes times = PairedTimes.run(stand, options.windows(), operations);
            return section("times", options.windows() + " windows.", times.lines());
        }
    }

    Section background(PostgresCluster cluster) throws Exception {
        int marks = options.shortRun() ? 5_000 : 20_000;
        Table table = new Table("what", "result", "goal", "");
        try (Stand stand = Stand.direct(cluster, marks)) {
            say("drain");
            DrainRate.run(stand, marks, table);
            say("flips");
            FlipStall.run(stand, options.shortRun() ? 10 : 50, table);
        }
        return section("background", "", table.lines());
    }

    Section sentinels(PostgresCluster cluster) throws Exception {
        // a statement of so many rows needs no turns within a window
        int windows = Math.max(2, options.windows() / 2);
        Table prices = new Table("one UPDATE of 20,000 rows", "median, ms", "over the same without a sentinel");
        Table lag = new Table("what", "result");
        try (Stand stand = Stand.direct(cluster, STATEMENT_ROWS)) {
            say("sentinels, " + windows + " windows");
            SentinelPrice.run(stand, windows, prices);
            say("foreign writes");
            ForeignLag.run(stand, options.shortRun() ? 10 : 100, lag);
        }
        return section("sentinels", windows + " windows.", prices.lines(), lag.lines());
    }

    /** Runs what concerns shadow reads only. */
    public List<Section> runShadow() throws Exception {
        try (PostgresCluster cluster = PostgresCluster.builder().start()) {
            return List.of(shadow(cluster));
        }
    }

    Section shadow(PostgresCluster cluster) {
        say("shadow reads, " + options.windows() + " windows");
        Table table = new Table("read of one row by its key, in SHADOW", "p50, us", "over the first", "compared");
        try (Stand stand = Stand.direct(cluster, Stand.FEW_ROWS)) {
            ShadowPrice.run(stand, options.windows(), table);
        }
        return section("shadow", options.windows() + " windows.", table.lines());
    }

    @SafeVarargs
    private Section section(String marker, String extra, List<String>... tables) {
        List<String> lines = new ArrayList<>();
        lines.add(Section.measured(
                options.shortRun(), "PostgreSQL 17, durability on." + (extra.isEmpty() ? "" : " " + extra)));
        for (List<String> table : tables) {
            lines.add("");
            lines.addAll(table);
        }
        return new Section(marker, lines);
    }

    private static void say(String what) {
        System.err.println("measuring: " + what);
    }
}
