package dev.changeover.benchmarks.bulk;

import dev.changeover.benchmarks.Options;
import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.Section;
import dev.changeover.benchmarks.Table;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Measures at two sizes, and how the cost of a row grows from one to the other. */
public final class BulkRun {

    private static final int HEAP_MEGABYTES = 96;
    private static final long DAMAGED = 1_000;
    private static final int CONNECTIONS = 12;

    private final Options options;
    private final List<Long> sizes;

    /** Creates the run. */
    public BulkRun(Options options) {
        this.options = options;
        this.sizes = options.rows();
    }

    /** Runs everything and returns the sections of the README. */
    public List<Section> run() throws Exception {
        List<Map<Fill, Cost>> fills = new ArrayList<>();
        List<Map<Check, Cost>> checks = new ArrayList<>();
        Map<Check, Cost> damaged = Map.of();
        List<Map<Job, Long>> memory = new ArrayList<>();
        Table live = liveTable();
        try (PostgresCluster cluster = cluster()) {
            for (long rows : sizes) {
                try (PostgresDatabase database =
                        PostgresDatabase.fresh().in(cluster).open()) {
                    Tables tables = new Tables(database, database.pool(CONNECTIONS), rows).create();
                    fills.add(fill(tables));
                    tables.fill();
                    checks.add(check(tables, 0));
                    if (rows == sizes.get(0)) {
                        damaged = damaged(tables);
                    }
                    memory.add(memory(tables));
                    if (rows == sizes.get(0)) {
                        live(tables, live);
                    }
                }
            }
        }
        return List.of(
                section("bulk-fill", fillTable(fills)),
                section("bulk-check", checkTable(checks, damaged)),
                section("bulk-memory", memoryTable(memory)),
                section("bulk-live", live));
    }

    /** Measures what callers feel of a backfill of the smaller size, and nothing else. */
    public List<Section> runLive() throws Exception {
        Table live = liveTable();
        try (PostgresCluster cluster = cluster();
                PostgresDatabase database = PostgresDatabase.fresh().in(cluster).open()) {
            live(new Tables(database, database.pool(CONNECTIONS), sizes.get(0)).create(), live);
        }
        return List.of(section("bulk-live", live));
    }

    private static PostgresCluster cluster() {
        return PostgresCluster.builder()
                .setting("shared_buffers", "1GB")
                .setting("max_wal_size", "8GB")
                .setting("checkpoint_timeout", "30min")
                .start();
    }

    private static Table liveTable() {
        return new Table("call", "backfill", "p50 alone", "with it", "pairs", "goal", "");
    }

    private void live(Tables tables, Table table) throws Exception {
        say("live traffic");
        for (LiveTraffic.Pace pace : LiveTraffic.Pace.values()) {
            LiveTraffic.run(tables, pace, options.shortRun() ? 2 : 40, options.shortRun(), table);
        }
    }

    private Map<Check, Cost> damaged(Tables tables) throws Exception {
        tables.database()
                .execute("UPDATE bulk_new.rooms SET title = title || ' ' WHERE id IN"
                        + " (SELECT id FROM bulk_new.rooms ORDER BY owner_id, id LIMIT " + DAMAGED + ")");
        tables.settle();
        return check(tables, DAMAGED);
    }

    private Map<Fill, Cost> fill(Tables tables) throws Exception {
        Map<Fill, List<Cost>> costs = new EnumMap<>(Fill.class);
        List<Fill> ways = Stream.of(Fill.values())
                .filter(way -> tables.rows() == sizes.get(0) || way.large())
                .toList();
        for (int round = 0; round < rounds(tables); round++) {
            for (Fill way : ways) {
                say("%,d rows, %s".formatted(tables.rows(), way.title()));
                costs.computeIfAbsent(way, key -> new ArrayList<>()).add(told(way.run(tables)));
            }
        }
        return medians(costs);
    }

    private Map<Check, Cost> check(Tables tables, long damage) throws Exception {
        Map<Check, List<Cost>> costs = new EnumMap<>(Check.class);
        try (Transition transition = Transition.open(tables.pool(), true)) {
            tables.database().execute("UPDATE changeover.repository SET backfilled = true");
            for (int round = 0; round < rounds(tables); round++) {
                for (Check way : Check.values()) {
                    say("%,d rows, %,d damaged, %s".formatted(tables.rows(), damage, way.title()));
                    costs.computeIfAbsent(way, key -> new ArrayList<>()).add(told(way.run(tables, damage)));
                }
            }
        }
        return medians(costs);
    }

    private Map<Job, Long> memory(Tables tables) throws Exception {
        Map<Job, Long> peaks = new EnumMap<>(Job.class);
        for (Job job : Job.values()) {
            say("%,d rows, memory of a %s".formatted(tables.rows(), job.title()));
            if (job.fills()) {
                tables.empty();
            }
            peaks.put(job, BulkProcess.megabytes(tables.database().jdbcUrl(), job, HEAP_MEGABYTES));
        }
        return peaks;
    }

    private int rounds(Tables tables) {
        return options.shortRun() || tables.rows() > sizes.get(0) ? 1 : 2;
    }

    private static <W extends Enum<W>> Map<W, Cost> medians(Map<W, List<Cost>> costs) {
        Map<W, Cost> medians = new LinkedHashMap<>();
        costs.forEach((way, each) -> medians.put(
                way,
                new Cost(
                        median(each, Cost::cpu),
                        median(each, Cost::wall),
                        each.get(0).rows())));
        return medians;
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> what) {
        return Samples.median(costs.stream().mapToDouble(what).toArray());
    }

    private Table fillTable(List<Map<Fill, Cost>> costs) {
        Table table = new Table(
                "way",
                rowsOf(0) + ": CPU, µs/row",
                "CPU, of the limit",
                "wall, of the limit",
                "goals",
                "",
                rowsOf(1) + ": CPU, µs/row",
                "CPU, of the limit",
                "wall, of the limit",
                "a row costs");
        Cost small = costs.get(0).get(Fill.LIMIT);
        Cost large = costs.get(1).get(Fill.LIMIT);
        for (Fill way : Fill.values()) {
            Cost one = costs.get(0).get(way);
            Cost other = costs.get(1).get(way);
            double cpu = small.cpuPerRow() / one.cpuPerRow();
            double wall = small.wallPerRow() / one.wallPerRow();
            table.row(
                    way.title(),
                    micros(one.cpuPerRow()),
                    ratio(cpu),
                    ratio(wall),
                    way.goals(),
                    way.verdict(cpu, wall),
                    other == null ? "" : micros(other.cpuPerRow()),
                    other == null ? "" : ratio(large.cpuPerRow() / other.cpuPerRow()),
                    other == null ? "" : ratio(large.wallPerRow() / other.wallPerRow()),
                    other == null ? "" : ratio(other.cpuPerRow() / one.cpuPerRow()) + "×");
        }
        return table;
    }

    private Table checkTable(List<Map<Check, Cost>> clean, Map<Check, Cost> damaged) {
        Table table = new Table(
                "way",
                rowsOf(0) + ": CPU, µs/row",
                "over one FULL JOIN",
                "goal",
                "",
                "with 1,000 differences",
                rowsOf(1) + ": over one FULL JOIN",
                "a row costs");
        for (Check way : Check.values()) {
            double over = over(clean.get(0), way);
            table.row(
                    way.title(),
                    micros(clean.get(0).get(way).cpuPerRow()),
                    ratio(over),
                    way == Check.FULL_JOIN ? "" : "≤ " + way.goal(),
                    way == Check.FULL_JOIN ? "" : over <= way.goal() ? "met" : "missed",
                    ratio(over(damaged, way)),
                    ratio(over(clean.get(1), way)),
                    ratio(clean.get(1).get(way).cpuPerRow()
                                    / clean.get(0).get(way).cpuPerRow()) + "×");
        }
        return table;
    }

    private Table memoryTable(List<Map<Job, Long>> peaks) {
        Table table = new Table("process", rowsOf(0) + ", MB", rowsOf(1) + ", MB");
        for (Job job : Job.values()) {
            table.row(job.title(), peaks.get(0).get(job), peaks.get(1).get(job));
        }
        return table;
    }

    private static double over(Map<Check, Cost> costs, Check way) {
        return costs.get(way).cpuPerRow() / costs.get(Check.FULL_JOIN).cpuPerRow();
    }

    private String rowsOf(int size) {
        return "%,d rows".formatted(sizes.get(size));
    }

    private static String micros(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds * 1e6);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value);
    }

    private Section section(String marker, Table table) {
        String extra = "PostgreSQL 17, durability on, shared_buffers 1 GB.";
        List<String> lines = new ArrayList<>(List.of(Section.measured(options.shortRun(), extra), ""));
        lines.addAll(table.lines());
        return new Section(marker, lines);
    }

    private static Cost told(Cost cost) {
        System.out.printf(
                Locale.ROOT,
                "           %s µs/row of processors, %s by the clock%n",
                micros(cost.cpuPerRow()),
                micros(cost.wallPerRow()));
        return cost;
    }

    private static void say(String what) {
        System.out.println("measuring: " + what);
    }
}
