package dev.changeover.proof.torture;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Somebody who has never heard of the library and writes one side by plain JDBC: an old build, a script. While that side
 * leads, the writes are as good as any other and must reach the other side; while it follows they are refused, or undone
 * where a round is so installed.
 */
final class Stranger implements Runnable {

    static final int KEYS = 12;

    /** What sentinels refuse with. */
    static final String REFUSED = "CO030";

    private final Round round;
    private final Side side;
    private final Random random;
    private final StrangeUnit.Keys keys;
    private Connection connection;
    private boolean begun;

    Stranger(Round round, Side side, int number) {
        this.round = round;
        this.side = side;
        this.random = round.history.random("stranger " + number);
        this.keys = new StrangeUnit.Keys(number);
    }

    @Override
    public void run() {
        try {
            while (!round.isOver()) {
                Round.pause(turn() ? random.nextInt(12) : 30);
            }
        } finally {
            close();
        }
    }

    /** Returns whether it makes sense to come again soon. */
    private boolean turn() {
        StrangeUnit unit = null;
        try (Statement statement = open()) {
            if (tooEarly()) {
                return false;
            }
            statement.execute(begin());
            unit = new StrangeUnit(round, side, random, keys, statement);
            unit.work(isSnapshot(statement));
            commit(unit);
            return true;
        } catch (SQLException e) {
            return failed(unit, e);
        }
    }

    /** What is in new before the first stage no sentinel minds and no backfill removes; later a reseed does. */
    private boolean tooEarly() throws SQLException {
        boolean early = !begun && side == Side.NEW && Town.stage(Town.ACCOUNTS, connection) == Stage.LEGACY_ONLY;
        begun |= !early;
        connection.rollback();
        return early;
    }

    private String begin() {
        String settings = random.nextInt(8) == 0 ? "; SET LOCAL session_replication_role = replica" : "";
        return switch (random.nextInt(8)) {
            case 0 -> "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ" + settings;
            case 1 -> "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE" + settings;
            default -> "SELECT 1" + settings;
        };
    }

    private static boolean isSnapshot(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery("SELECT current_setting('transaction_isolation') <> 'read committed'")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /** The fence is held by what was written, so the stage that is read now is the one under which it commits. */
    private void commit(StrangeUnit unit) throws SQLException {
        Stage stage = Town.stage(Town.ACCOUNTS, connection);
        boolean leads = stage.authority() == side;
        if (!leads && unit.size() > 0 && round.plan.strangers == Strangers.REFUSE && stage != Stage.LEGACY_ONLY) {
            round.wrong.add("a stranger could write " + side + " at " + stage);
        }
        if (random.nextInt(20) == 0) {
            connection.rollback();
            unit.undone();
            return;
        }
        unit.commit(connection, leads);
    }

    private boolean failed(StrangeUnit unit, SQLException e) {
        boolean gone = Failing.isGone(e);
        if (unit != null) {
            unit.failed(gone);
        }
        if (gone) {
            close();
            round.gone.incrementAndGet();
            if (!round.plan.kills()) {
                round.errors.add(e);
            }
            return false;
        }
        rollback();
        if (REFUSED.equals(e.getSQLState())) {
            round.turnedAway.incrementAndGet();
            return false;
        } else if ("40001".equals(e.getSQLState()) || (mayDeadlock() && "40P01".equals(e.getSQLState()))) {
            round.serialization.incrementAndGet();
        } else {
            round.errors.add(e);
        }
        return true;
    }

    /** Who is let through to the rows of the follower can meet a copy of them. */
    private boolean mayDeadlock() {
        return round.plan.strangers == Strangers.MARK;
    }

    private Statement open() throws SQLException {
        if (connection == null || connection.isClosed()) {
            connection = round.database.connection();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET application_name = 'blue'");
            }
            connection.commit();
        }
        return connection.createStatement();
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            close();
        }
    }

    private void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            round.gone.incrementAndGet();
        } finally {
            connection = null;
        }
    }

    /** Gives accounts of one side this state, in one statement. */
    static String upsert(boolean legacy, Collection<Long> ids, String name, long version) {
        String owner = legacy ? "owner_id" : "person";
        String label = legacy ? "name" : "label";
        String amount = legacy ? "balance" : "amount";
        String rows = ids.stream()
                .map(id -> "(" + id + ", NULL, '" + name + "', " + version + ")")
                .collect(Collectors.joining(", "));
        return "INSERT INTO " + (legacy ? "old.account" : "fresh.purse") + " (id, " + owner + ", " + label + ", "
                + amount + ") VALUES " + rows + " ON CONFLICT (id) DO UPDATE SET " + owner + " = excluded." + owner
                + ", " + label + " = excluded." + label + ", " + amount + " = excluded." + amount;
    }
}
