package dev.changeover.benchmarks.bulk;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The ways to fill new. */
enum Fill {
    /** One ordered INSERT..SELECT: nothing can be faster, nothing is slower to live writers. */
    LIMIT("one ordered INSERT..SELECT, the limit", 0, 0),
    /** A program that reads all and writes row by row, each a transaction. */
    GUIDE("row by row, by hand", 0, 0),
    JAVA_1("Changeover, mapping in Java", 0.4, 0),
    JAVA_2("Changeover, mapping in Java, two workers", 0, 0.6),
    SQL_1("Changeover, SQL projections", 0.6, 0),
    SQL_2("Changeover, SQL projections, two workers", 0, 0.9);

    /** Row by row takes minutes a million; its cost per row does not depend on their number. */
    private static final long SAMPLE = 20_000;

    private final String title;
    private final double leastCpu;
    private final double leastWall;

    Fill(String title, double leastCpu, double leastWall) {
        this.title = title;
        this.leastCpu = leastCpu;
        this.leastWall = leastWall;
    }

    /** Returns what share of the speed of the limit it shall have, by processor time or by the clock. */
    String goals() {
        return leastCpu > 0 ? "CPU ≥ " + leastCpu : leastWall > 0 ? "wall ≥ " + leastWall : "";
    }

    String verdict(double cpu, double wall) {
        return goals().isEmpty() ? "" : cpu >= leastCpu && wall >= leastWall ? "met" : "missed";
    }

    String title() {
        return title;
    }

    /** Returns whether it is measured at the larger size, too: more than these take an hour. */
    boolean large() {
        return this == LIMIT || workers() == 2;
    }

    boolean setBased() {
        return this == SQL_1 || this == SQL_2;
    }

    private int workers() {
        return this == JAVA_2 || this == SQL_2 ? 2 : 1;
    }

    /** Fills the empty table and checks that it is whole. */
    Cost run(Tables tables) throws Exception {
        tables.empty();
        Cpu cpu = Cpu.of(tables.database());
        Cost cost = switch (this) {
            case LIMIT -> Cost.of(cpu, tables.rows(), () -> tables.database().execute(Tables.INSERT_SELECT));
            case GUIDE -> byHand(tables, cpu);
            default -> byLibrary(tables, cpu);
        };
        if (this != GUIDE) {
            tables.check(title);
        }
        return cost;
    }

    private Cost byLibrary(Tables tables, Cpu cpu) throws Exception {
        try (Transition transition = Transition.open(tables.pool(), setBased())) {
            return Cost.of(
                    cpu,
                    tables.rows(),
                    () -> transition.backfill().workers(workers()).niceRatio(0).run(progress -> {}));
        }
    }

    private static Cost byHand(Tables tables, Cpu cpu) throws Exception {
        long rows = Math.min(SAMPLE, tables.rows());
        try (Connection reading = tables.database().connection();
                Connection writing = tables.database().connection()) {
            return Cost.of(cpu, rows, () -> copy(reading, writing, rows));
        }
    }

    private static void copy(Connection reading, Connection writing, long rows) throws SQLException {
        reading.setAutoCommit(false);
        try (Statement select = reading.createStatement();
                PreparedStatement insert = writing.prepareStatement(
                        "INSERT INTO bulk_new.rooms VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            select.setFetchSize(1_000);
            ResultSet old = select.executeQuery(Tables.MAPPED + " ORDER BY r.id LIMIT " + rows);
            while (old.next()) {
                for (int column = 1; column <= old.getMetaData().getColumnCount(); column++) {
                    insert.setObject(column, old.getObject(column));
                }
                insert.executeUpdate();
            }
        }
    }
}
