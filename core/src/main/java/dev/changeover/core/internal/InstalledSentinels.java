package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.ForeignWriter;
import dev.changeover.core.Sentinels;
import dev.changeover.core.Side;
import dev.changeover.core.Strangers;
import dev.changeover.core.WatchedTable;
import dev.changeover.core.control.SentinelChange;
import dev.changeover.core.control.SqlTransaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;

/** Sentinels on the tables that the stores of a repository name. */
final class InstalledSentinels implements Sentinels {

    private final Function<String, Sides<?, ?, ?>> repositories;
    private final DataSource dataSource;

    InstalledSentinels(Function<String, Sides<?, ?, ?>> repositories, DataSource dataSource) {
        this.repositories = repositories;
        this.dataSource = dataSource;
    }

    @Override
    public void install(String repository, Strangers strangers, String actor, String reason) {
        new SentinelChange(dataSource, installation(repository, strangers, actor, reason)).run();
    }

    @Override
    public void remove(String repository, String actor, String reason) {
        Sides<?, ?, ?> sides = repositories.apply(repository);
        List<String> statements = new ArrayList<>();
        for (Side side : Side.values()) {
            statements.addAll(ddl(sides, side).remove(sides.store(side).watchedTables()));
        }
        new SentinelChange(
                        dataSource,
                        new SentinelChange.Script(
                                sides.number(), List.of(), statements, List.of(), Strangers.REFUSE, actor, reason))
                .run();
    }

    @Override
    public String ddl(String repository, Strangers strangers, String actor, String reason) {
        return installation(repository, strangers, actor, reason).text();
    }

    private SentinelChange.Script installation(String repository, Strangers strangers, String actor, String reason) {
        Sides<?, ?, ?> sides = repositories.apply(repository);
        List<WatchedTable> all = new ArrayList<>();
        List<String> statements = new ArrayList<>();
        for (Side side : Side.values()) {
            List<WatchedTable> watched = watched(sides, side);
            refuseTableOfBothSides(sides.name(), all, watched);
            all.addAll(watched);
            statements.addAll(ddl(sides, side).install(watched));
        }
        statements.add(0, SentinelDdl.removeElsewhere(sides.number(), all));
        List<String> tables = all.stream().map(WatchedTable::table).toList();
        return new SentinelChange.Script(
                sides.number(), tables, statements, Arrays.asList(Side.values()), strangers, actor, reason);
    }

    /** A write of it would be one of the side that leads and of the side that follows. */
    private static void refuseTableOfBothSides(String repository, List<WatchedTable> one, List<WatchedTable> other) {
        for (WatchedTable table : other) {
            if (one.stream().anyMatch(each -> each.table().equals(table.table()))) {
                throw new ConfigurationException(
                        repository,
                        "both stores name the table " + table.table() + ", so sentinels cannot tell the sides apart",
                        "Declare it on one side only, or register the repository with sharedTables()");
            }
        }
    }

    private static SentinelDdl ddl(Sides<?, ?, ?> sides, Side side) {
        return new SentinelDdl(sides.number(), side, sides.keyType().sqlType());
    }

    private static List<WatchedTable> watched(Sides<?, ?, ?> sides, Side side) {
        List<WatchedTable> tables = sides.store(side).watchedTables();
        if (tables.size() < sides.store(side).tables().size()) {
            throw new ConfigurationException(
                    sides.name() + "." + (side == Side.LEGACY ? "legacy" : "next"),
                    "the store does not tell in which column each of its tables holds the key",
                    "Implement EntityStore.watchedTables");
        }
        return tables;
    }

    @Override
    public List<ForeignWriter> foreignWriters(String repository) {
        String sql = "SELECT side, reason, writer, application, changes, first_at, last_at FROM"
                + " changeover.foreign_writers WHERE repository = ? ORDER BY changes DESC, writer, application";
        try {
            return SqlTransaction.readCommitted(dataSource, connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setString(1, repository);
                    try (ResultSet rows = statement.executeQuery()) {
                        List<ForeignWriter> writers = new ArrayList<>();
                        while (rows.next()) {
                            writers.add(writer(repository, rows));
                        }
                        return writers;
                    }
                }
            });
        } catch (SQLException e) {
            throw new ChangeoverException(
                    repository + ": who wrote round the library could not be read: " + e.getMessage(), e);
        }
    }

    private static ForeignWriter writer(String repository, ResultSet row) throws SQLException {
        return new ForeignWriter(
                repository,
                Side.valueOf(row.getString(1)),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getTimestamp(6).toInstant(),
                row.getTimestamp(7).toInstant());
    }
}
