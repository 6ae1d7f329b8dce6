package dev.changeover.newadapter;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.QueryPart;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** How the stores use jOOQ: on somebody's connection, without a word in the logs. */
final class Jooq {

    /** Logging of jOOQ would show the values of the rows. */
    private static final Settings SETTINGS = new Settings().withExecuteLogging(false);

    /** Renders and reads; has no connection. Safe for use by several threads, since nothing changes its settings. */
    static final DSLContext OFFLINE = DSL.using(SQLDialect.POSTGRES, SETTINGS);

    private Jooq() {}

    static DSLContext on(Connection connection) {
        return DSL.using(connection, SQLDialect.POSTGRES, SETTINGS);
    }

    /**
     * One round trip, whatever the number of statements. Not a batch of jOOQ: that writes the values into the text, and
     * so into the logs of the server and the messages of exceptions.
     */
    static void run(Connection connection, List<Query> queries) throws SQLException {
        if (!queries.isEmpty()) {
            String template = IntStream.range(0, queries.size())
                    .mapToObj(i -> "{" + i + "}")
                    .collect(Collectors.joining("; "));
            sql(() -> on(connection)
                    .query(template, queries.toArray(new QueryPart[0]))
                    .execute());
        }
    }

    /** Throws the driver's exception as it is: whoever copies looks at its state. */
    static void sql(Runnable action) throws SQLException {
        try {
            action.run();
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            if (cause != null) {
                throw cause;
            }
            throw e;
        }
    }
}
