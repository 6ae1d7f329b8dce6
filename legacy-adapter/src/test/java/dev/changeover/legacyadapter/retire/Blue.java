package dev.changeover.legacyadapter.retire;

import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/** An old build: one connection, statements that the server has prepared once and for all, and no idea of any rename. */
final class Blue implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement update;
    private final PreparedStatement select;
    private final PreparedStatement delete;
    private final PreparedStatement child;
    private final Thread thread;
    private volatile boolean stopped;

    final AtomicLong written = new AtomicLong();
    final AtomicLong rounds = new AtomicLong();
    final List<String> errors = new CopyOnWriteArrayList<>();
    final List<Long> waits = new ArrayList<>();

    Blue(PostgresDatabase database, int number) throws SQLException {
        connection = database.connection();
        connection.unwrap(PGConnection.class).setPrepareThreshold(1);
        insert = connection.prepareStatement("INSERT INTO shop.users (email) VALUES (?) RETURNING id, active");
        update = connection.prepareStatement("UPDATE shop.users SET email = email || '.' WHERE id = ? RETURNING email");
        select = connection.prepareStatement("SELECT * FROM shop.users WHERE id = ? FOR UPDATE");
        delete = connection.prepareStatement("DELETE FROM shop.users WHERE id = ?");
        child = connection.prepareStatement("INSERT INTO shop.orders (user_id) VALUES (?)");
        thread = new Thread(this::work, "blue-" + number);
        thread.start();
    }

    private void work() {
        while (!stopped) {
            long before = System.nanoTime();
            try {
                unit();
            } catch (SQLException | IllegalStateException e) {
                errors.add(String.valueOf(e.getMessage()));
            }
            waits.add((System.nanoTime() - before) / 1_000_000);
            rounds.incrementAndGet();
        }
    }

    /** Adds a user with an order and another one that goes again. */
    private void unit() throws SQLException {
        connection.setAutoCommit(false);
        long stays = add("stays");
        child.setLong(1, stays);
        child.executeUpdate();
        one(update, stays);
        one(select, stays);
        long goes = add("goes");
        delete.setLong(1, goes);
        if (delete.executeUpdate() != 1) {
            throw new IllegalStateException("one row to delete, not found");
        }
        connection.commit();
        written.incrementAndGet();
    }

    private long add(String email) throws SQLException {
        insert.setString(1, email);
        try (ResultSet row = insert.executeQuery()) {
            row.next();
            if (!row.getBoolean(2)) {
                throw new IllegalStateException("the default is missing");
            }
            return row.getLong(1);
        }
    }

    private static void one(PreparedStatement statement, long id) throws SQLException {
        statement.setLong(1, id);
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("a row is missing");
            }
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    @Override
    public void close() throws SQLException, InterruptedException {
        stop();
        connection.close();
    }
}
