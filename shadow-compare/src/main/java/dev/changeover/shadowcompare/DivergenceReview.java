package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Where people look at divergences and decide about them. {@code select * from changeover.divergences} and
 * {@code select changeover.review(..)} do the same from SQL.
 *
 * <pre>{@code
 * DivergenceReview review = DivergenceReview.open(pool);
 * List<DivergenceGroup> seen = review.list(DivergenceFilter.ALL.repository("users").unreviewed());
 * review.decide(seen, Decision.explained("ann", nextMonth).ticket("ABC-1"), "bob", "legacy cuts off milliseconds");
 * }</pre>
 *
 * <p>A decision is refused if somebody else has decided since the reviewer looked. Each leaves a row of history that
 * nobody changes. Safe for use by several threads; each call is a transaction of its own.
 */
public final class DivergenceReview {
    private static final String DECIDE =
            "SELECT changeover.review(?::bigint[], ?::bigint[], ?, ?, ?, ?, ?, ?::timestamptz)";
    private static final String DECIDE_PATH =
            "SELECT changeover.review_path(?, ?, ?, p_reason => ?, p_actor => ?, p_owner => ?, p_ticket => ?,"
                    + " p_expires => ?::timestamptz)";
    private static final String REFUSED = "CO040";
    private static final String OVERTAKEN = "CO041";

    private final DataSource dataSource;

    private DivergenceReview(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Looks into the control schema of this database, over connections from here. */
    public static DivergenceReview open(DataSource dataSource) {
        return new DivergenceReview(dataSource);
    }

    /** Returns the groups that the filter asks for, in the order in which they were first stored. */
    public List<DivergenceGroup> list(DivergenceFilter filter) {
        return sql(connection -> DivergenceRows.groups(connection, null, filter));
    }

    /**
     * Returns one group with its samples and its history.
     *
     * @throws ConfigurationException if there is none with this number
     */
    public ReviewedDivergence show(long id) {
        return sql(connection -> {
            List<DivergenceGroup> found = DivergenceRows.groups(connection, id, DivergenceFilter.ALL);
            if (found.isEmpty()) {
                throw new ConfigurationException(
                        "review.id", "there is no divergence " + id, "Look for it with list(DivergenceFilter.ALL)");
            }
            return new ReviewedDivergence(found.get(0), DivergenceRows.history(connection, id));
        });
    }

    /**
     * Decides about one group as the reviewer has seen it.
     *
     * @param actor who decides
     * @param reason why
     * @throws ConfigurationException if the decision says too little, or the group is unknown
     * @throws ReviewConflictException if somebody else has decided since; nothing was changed then
     */
    public void decide(DivergenceGroup seen, Decision decision, String actor, String reason) {
        decide(List.of(seen), decision, actor, reason);
    }

    /**
     * Decides about several groups as the reviewer has seen them: about all or, if it throws, about none.
     *
     * @return about how many
     * @throws ConfigurationException if the decision says too little, or a group is unknown
     * @throws ReviewConflictException if somebody else has decided about one of them since
     */
    public int decide(Collection<DivergenceGroup> seen, Decision decision, String actor, String reason) {
        return sql(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DECIDE)) {
                statement.setArray(1, numbers(connection, seen.stream().map(DivergenceGroup::id)));
                statement.setArray(
                        2,
                        numbers(
                                connection,
                                seen.stream().map(each -> each.review().revision())));
                statement.setString(3, decision.state().name());
                statement.setString(4, reason);
                statement.setString(5, actor);
                bind(statement, decision);
                return count(statement);
            }
        });
    }

    /**
     * Decides about everything unreviewed of a repository at this path and beneath it. What somebody has decided before
     * stays as it is.
     *
     * @param path such as {@code authProviders}, which covers {@code authProviders[LOCAL].lastUsedAt} and not
     *     {@code authProvidersCount}; empty for the whole entity
     * @return about how many groups
     * @throws ConfigurationException if the decision says too little
     * @throws ReviewConflictException if somebody else decides about one of them at the same time
     */
    public int decide(String repository, String path, Decision decision, String actor, String reason) {
        return sql(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DECIDE_PATH)) {
                statement.setString(1, repository);
                statement.setString(2, path);
                statement.setString(3, decision.state().name());
                statement.setString(4, reason);
                statement.setString(5, actor);
                bind(statement, decision);
                return count(statement);
            }
        });
    }

    private static void bind(PreparedStatement statement, Decision decision) throws SQLException {
        Instant expires = decision.expires();
        statement.setString(6, decision.owner());
        statement.setString(7, decision.ticket());
        statement.setObject(8, expires == null ? null : expires.atOffset(ZoneOffset.UTC));
    }

    private static Array numbers(Connection connection, Stream<Long> numbers) throws SQLException {
        return connection.createArrayOf("bigint", numbers.toArray());
    }

    private static int count(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private <T> T sql(SqlTransaction.Work<T> work) {
        try {
            return SqlTransaction.readCommitted(dataSource, work);
        } catch (SQLException e) {
            throw refusal(e);
        }
    }

    private static ChangeoverException refusal(SQLException e) {
        String message = String.valueOf(e.getMessage());
        String state = String.valueOf(e.getSQLState());
        if (state.equals(OVERTAKEN)) {
            return new ReviewConflictException(message, e);
        }
        if (state.equals(REFUSED)) {
            return ReviewRefusal.of(message);
        }
        return new ChangeoverException("the divergences could not be reviewed: " + message, e);
    }
}
