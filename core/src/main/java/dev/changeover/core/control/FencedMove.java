package dev.changeover.core.control;

import dev.changeover.core.MoveRefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One move, in short rounds. Each round is one transaction: close the fences (waiting at most the round), converge the
 * last marked keys, let the server's {@code changeover.move} check and write, commit. A round that does not get the
 * fence, or finds more marks than it may converge, rolls back and leaves no trace; between rounds writers and drain go on.
 */
final class FencedMove {

    private static final Set<String> TRY_AGAIN = Set.of("CO014", "CO015", "CO017", "CO018");

    private final DataSource dataSource;
    private final MoveRounds rounds;
    private final Move move;
    private final Control.LastKeys lastKeys;
    private final long deadline;

    FencedMove(DataSource dataSource, MoveRounds rounds, Move move, Control.LastKeys lastKeys) {
        this.dataSource = dataSource;
        this.rounds = rounds;
        this.move = move;
        this.lastKeys = lastKeys;
        this.deadline = System.nanoTime() + rounds.instanceWait().toNanos();
    }

    List<RepositoryState> run() {
        for (int round = 1; ; round++) {
            try {
                return SqlTransaction.readCommitted(dataSource, this::round);
            } catch (SQLException e) {
                if (!triesAgain(e, round)) {
                    throw PostgresControl.refusal(e);
                }
                pause();
            }
        }
    }

    private boolean triesAgain(SQLException e, int round) {
        String code = String.valueOf(e.getSQLState());
        if (code.equals("CO015")) {
            return System.nanoTime() < deadline;
        }
        return TRY_AGAIN.contains(code) && round < rounds.rounds();
    }

    /** Between rounds everybody who queued behind the fence gets through. */
    private void pause() {
        long millis = rounds.round().toMillis();
        LockSupport.parkNanos((millis / 2 + ThreadLocalRandom.current().nextLong(millis)) * 1_000_000);
        if (Thread.currentThread().isInterrupted()) {
            throw new MoveRefusedException("CO018", "The move was interrupted; nothing was changed", null);
        }
    }

    private List<RepositoryState> round(Connection connection) throws SQLException {
        List<RepositoryState> before = PostgresControl.states(connection, move.repositories());
        refuseWhatCannotBe(connection, before);
        closeFences(connection, before);
        for (RepositoryState state : PostgresControl.states(connection, move.repositories())) {
            if (movesAuthority(state)) {
                lastKeys.converge(connection, state);
            }
        }
        decide(connection);
        List<RepositoryState> after = PostgresControl.states(connection, move.repositories());
        if (move.dryRun()) {
            connection.rollback();
        }
        return after;
    }

    /** What is going to be refused is refused before writers are made to wait for it. */
    private void refuseWhatCannotBe(Connection connection, List<RepositoryState> states) throws SQLException {
        for (RepositoryState state : states) {
            if (movesAuthority(state) && !lagging(connection, state).isEmpty()) {
                throw new SQLException(
                        state.name() + ": instances have not seen epoch " + state.epoch() + " yet: "
                                + lagging(connection, state) + ". Wait until they have, or until their lease ends",
                        "CO015");
            }
        }
    }

    private static String lagging(Connection connection, RepositoryState state) throws SQLException {
        String sql = "SELECT coalesce(array_to_string(changeover.lagging(?), ', '), '')";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, state.number());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private boolean movesAuthority(RepositoryState state) {
        return state.stage().authority() != move.target().authority()
                && state.stage().movesTo(move.target());
    }

    private void closeFences(Connection connection, List<RepositoryState> states) throws SQLException {
        Integer[] numbers =
                states.stream().map(RepositoryState::number).sorted().toArray(Integer[]::new);
        try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.close_fences(?, ?)")) {
            statement.setArray(1, connection.createArrayOf("int4", numbers));
            statement.setInt(2, Math.toIntExact(rounds.round().toMillis()));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                if (!rows.getBoolean(1)) {
                    throw new SQLException(inTheWay(connection, numbers), "CO018");
                }
            }
        }
    }

    private static String inTheWay(Connection connection, Integer[] numbers) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.fence_holders(?)")) {
            statement.setArray(1, connection.createArrayOf("int4", numbers));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return "The move gave up and changed nothing: open transactions hold the fence: " + rows.getString(1)
                        + ". End them or wait for them, then move again";
            }
        }
    }

    private void decide(Connection connection) throws SQLException {
        String sql = "SELECT * FROM changeover.move(?, ?, ?, ?, ?, 1, 1, ?::jsonb)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, PostgresControl.texts(connection, move.repositories()));
            statement.setString(2, move.target().name());
            statement.setString(3, move.reason());
            statement.setString(4, move.actor());
            setEpoch(statement, move.expectedEpoch());
            statement.setString(6, move.evidence());
            statement.execute();
        }
    }

    private static void setEpoch(PreparedStatement statement, @Nullable Long epoch) throws SQLException {
        if (epoch == null) {
            statement.setNull(5, java.sql.Types.BIGINT);
        } else {
            statement.setLong(5, epoch);
        }
    }
}
