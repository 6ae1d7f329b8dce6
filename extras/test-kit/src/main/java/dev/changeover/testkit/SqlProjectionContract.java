package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.SqlProjection;
import dev.changeover.core.projection.Projection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the {@link SqlProjection} of a store must do, on a real PostgreSQL: copies between a table {@code room} with
 * children {@code guest} in the schema {@code old}, where rows are deleted, and the same in the schema {@code new}, where
 * they are softly deleted by {@code deleted_at}. The text {@code status} is lossy.
 */
public abstract class SqlProjectionContract {

    private final PostgresDatabase db;
    private final SqlProjection legacy = store("old", false, p -> complete(p, "old", "waiting"));
    private final SqlProjection next = store("new", true, p -> complete(p, "new", "open"));

    /** Creates the contract; for subclasses. */
    protected SqlProjectionContract(PostgresDatabase db) {
        this.db = db;
    }

    /** Returns the projection of a store over the tables of this schema, which maps title and status. */
    protected abstract SqlProjection store(String schema, boolean soft, UnaryOperator<Projection> projection);

    private static Projection complete(Projection projection, String schema, String open) {
        return projection
                .yields("id", "r.id")
                .yields("title", "r.title")
                .yields("status", "CASE r.status WHEN 'over' THEN 'OVER' ELSE 'OPEN' END")
                .yields(
                        "guests",
                        "(SELECT jsonb_agg(g.email ORDER BY g.position) FROM " + schema
                                + ".guest AS g WHERE g.room_id = r.id)")
                .takes("title", "s.title")
                .takes("status", "CASE s.status WHEN 'OVER' THEN 'over' ELSE '" + open + "' END", "status")
                .children(
                        "guest",
                        "SELECT s.id AS room_id, (g.n - 1)::int AS position, g.email FROM {source} AS s,"
                                + " jsonb_array_elements_text(s.guests) WITH ORDINALITY AS g (email, n)");
    }

    @BeforeEach
    void create() {
        for (String schema : List.of("old", "new")) {
            db.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE; CREATE SCHEMA " + schema + "; CREATE TABLE "
                    + schema
                    + ".room (id bigint PRIMARY KEY, title text, status text, own_note text, deleted_at timestamptz);"
                    + " CREATE TABLE " + schema + ".guest (room_id bigint REFERENCES " + schema + ".room, position int,"
                    + " email text UNIQUE, PRIMARY KEY (room_id, position))");
        }
        db.execute("INSERT INTO old.room VALUES (1, 'One', 'open'), (2, 'Two', 'over'), (3, 'Three', 'open');"
                + " INSERT INTO old.guest VALUES (1, 0, 'a'), (1, 1, 'b'), (2, 0, 'c')");
    }

    @Test
    void oneSideAbsorbsTheOthersRowsWithTheirChildren() throws SQLException {
        run(next.absorb("(" + legacy.select() + ")"), 1, 2, 9);

        assertThat(rows("new")).containsExactly("1 One OPEN [\"a\", \"b\"]", "2 Two OVER [\"c\"]");
    }

    @Test
    void vanishedRowsAndChildrenAreRemovedAndOthersLeftAlone() throws SQLException {
        run(next.absorb("(" + legacy.select() + ")"), 1, 2, 3);
        db.execute("UPDATE new.room SET own_note = 'mine'; DELETE FROM old.guest WHERE email = 'a';"
                + " UPDATE old.guest SET room_id = 3 WHERE email = 'c'; DELETE FROM old.room WHERE id = 2;"
                + " UPDATE old.room SET title = 'Other'");

        run(next.absorb("(" + legacy.select() + ")"), 1, 2);

        assertThat(rows("new")).containsExactly("1 Other OPEN [\"b\"]", "3 Three OPEN null");
        assertThat(db.queryStrings("SELECT own_note FROM new.room")).containsOnly("mine");
        assertThat(db.queryLong("SELECT count(*) FROM new.guest WHERE room_id = 2"))
                .isEqualTo(1);
        assertThat(db.queryString("SELECT deleted_at IS NOT NULL FROM new.room WHERE id = 2"))
                .isEqualTo("t");
    }

    @Test
    void aPresentValueThatMeansTheSameStaysOnTheWayBack() throws SQLException {
        run(next.absorb("(" + legacy.select() + ")"), 1);
        db.execute("UPDATE old.room SET status = 'waiting', title = 'Stale' WHERE id = 1");

        run(legacy.absorb("(" + next.select() + ")"), 1);

        assertThat(db.queryString("SELECT title || status FROM old.room WHERE id = 1"))
                .isEqualTo("Onewaiting");
    }

    @Test
    void absorbMissingReturnsWhatItWroteAndLeavesTheRest() throws SQLException {
        db.execute("INSERT INTO new.room VALUES (1, 'Newer', 'open')");
        List<String> statements = next.absorbMissing("(" + legacy.select() + ")");

        List<Long> written = run(statements.subList(0, 1), 1, 2);
        run(statements.subList(1, statements.size()), written.toArray(new Long[0]));

        assertThat(written).containsExactly(2L);
        assertThat(rows("new")).containsExactly("1 Newer OPEN null", "2 Two OVER [\"c\"]");
    }

    @Test
    void absorbNewWritesRowsOfWhichThereIsNone() throws SQLException {
        assertThat(holdsAny(1, 2)).isFalse();

        run(next.absorbNew("(" + legacy.select() + ")"), 1, 2);

        assertThat(rows("new")).containsExactly("1 One OPEN [\"a\", \"b\"]", "2 Two OVER [\"c\"]");
        assertThat(holdsAny(2, 3)).isTrue();
        assertThatThrownBy(() -> run(next.absorbNew("(" + legacy.select() + ")"), 2))
                .hasMessageContaining("room_pkey");
    }

    private boolean holdsAny(long... keys) {
        String array = "'{" + Arrays.toString(keys).replaceAll("[\\[\\] ]", "") + "}'";
        return "t".equals(db.queryString(next.holdsAny().replace("?", array)));
    }

    @Test
    void aConditionOnTheKeyReachesTheIndex() throws SQLException {
        assertThat(db.queryStrings(
                        "EXPLAIN SELECT * FROM (" + legacy.select() + ") AS s WHERE id = ANY ('{1,2}'::bigint[])"))
                .anySatisfy(line -> assertThat(line).contains("room_pkey"));
    }

    @Test
    void anIncompleteProjectionIsRefused() {
        assertThatThrownBy(() -> store("old", false, p -> p.yields("id", "r.id")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("[title, status, guest]");
    }

    private List<@Nullable String> rows(String schema) {
        SqlProjection side = schema.equals("new") ? next : legacy;
        return db.queryStrings("SELECT concat_ws(' ', id, title, status, coalesce(guests::text, 'null')) FROM ("
                + side.select() + ") AS s ORDER BY id");
    }

    private List<Long> run(List<String> statements, long... keys) throws SQLException {
        Long[] boxed = new Long[keys.length];
        for (int i = 0; i < keys.length; i++) {
            boxed[i] = keys[i];
        }
        return run(statements, boxed);
    }

    private List<Long> run(List<String> statements, Long[] keys) throws SQLException {
        List<Long> returned = new ArrayList<>();
        try (Connection connection = db.connection()) {
            for (String sql : statements) {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setArray(1, connection.createArrayOf("int8", keys));
                    if (statement.execute()) {
                        ResultSet result = statement.getResultSet();
                        while (result.next()) {
                            returned.add(result.getLong(1));
                        }
                    }
                }
            }
        }
        return returned;
    }
}
