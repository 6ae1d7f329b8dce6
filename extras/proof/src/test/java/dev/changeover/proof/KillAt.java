package dev.changeover.proof;

import dev.changeover.proof.Labour.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/** Comes before so many messages of a job to the server, whichever of its threads sends it, and kills there. */
final class KillAt implements Messages.Hook {

    /** What dies. */
    interface Kill {

        /**
         * Kills.
         *
         * @param backend the process of the server that the message is for
         * @param sql the message
         */
        void now(int backend, String sql);
    }

    private final ThreadLocal<Integer> backend = new ThreadLocal<>();
    private final AtomicLong left = new AtomicLong();
    private volatile Order order;
    private volatile Kill kill;

    void arm(Order what, long message, Kill how) {
        kill = how;
        order = what;
        left.set(message);
    }

    void disarm() {
        left.set(0);
    }

    /** Whether it has not come so far. */
    boolean armed() {
        return left.get() > 0;
    }

    /** A message in a line of a log. */
    static String shown(String sql) {
        String line = sql.replaceAll("\\s+", " ");
        return line.substring(0, Math.min(100, line.length()));
    }

    @Override
    public void taken(Connection connection) throws SQLException {
        backend.set(connection.unwrap(PGConnection.class).getBackendPID());
    }

    @Override
    public void before(String sql) {
        if (armed() && order.isDoneBy(Thread.currentThread()) && left.getAndDecrement() == 1) {
            kill.now(backend.get(), sql);
        }
    }
}
