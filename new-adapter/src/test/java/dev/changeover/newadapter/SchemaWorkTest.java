package dev.changeover.newadapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ChangeoverException;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class SchemaWorkTest {

    private static final QualifiedName OLD_SEQUENCE = QualifiedName.of("public", "Old_id_seq");
    private static final QualifiedName NEW_TABLE = QualifiedName.of("new", "note");
    private static final QualifiedName NEW_SEQUENCE = QualifiedName.of("new", "note_id_seq");
    private static final QualifiedName INDEX = QualifiedName.of("new", "Note_body");

    private final PostgresDatabase db;
    private Connection connection;

    SchemaWorkTest(PostgresDatabase db) {
        this.db = db;
    }

    @BeforeEach
    void create() throws SQLException {
        db.execute("DROP SCHEMA IF EXISTS new CASCADE; DROP TABLE IF EXISTS \"Old\"; CREATE SCHEMA new;"
                + " CREATE TABLE \"Old\" (id serial PRIMARY KEY);"
                + " CREATE TABLE new.note (id bigserial PRIMARY KEY, body text);"
                + " CREATE TABLE new.tiny (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);"
                + " INSERT INTO \"Old\" SELECT FROM generate_series(1, 40000)");
        connection = db.connection();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void bothSidesDrawFromOneSequence() throws SQLException {
        Sequences.share(connection, OLD_SEQUENCE, NEW_TABLE, "id");

        assertThat(db.queryLong("INSERT INTO new.note DEFAULT VALUES RETURNING id"))
                .isEqualTo(40001);
        assertThat(db.queryLong("INSERT INTO \"Old\" DEFAULT VALUES RETURNING id"))
                .isEqualTo(40002);

        Sequences.free(connection, OLD_SEQUENCE);
        db.execute("DROP TABLE \"Old\"");
        assertThat(db.queryLong("INSERT INTO new.note DEFAULT VALUES RETURNING id"))
                .isEqualTo(40003);
    }

    @Test
    void anIdentityColumnCannotShare() {
        assertThatThrownBy(() -> Sequences.share(connection, OLD_SEQUENCE, QualifiedName.of("new", "tiny"), "id"))
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("DROP IDENTITY");
    }

    @Test
    void anAlignedSequenceIsAboveTheOthersAndNeverGoesBack() throws SQLException {
        assertThat(Sequences.align(connection, OLD_SEQUENCE, NEW_SEQUENCE, 1000))
                .isEqualTo(41000);
        assertThat(db.queryLong("INSERT INTO new.note DEFAULT VALUES RETURNING id"))
                .isEqualTo(41001);
        assertThat(Sequences.align(connection, OLD_SEQUENCE, NEW_SEQUENCE, 0)).isEqualTo(41001);
    }

    @Test
    void aSequenceWithoutRoomIsRefused() {
        assertThatThrownBy(() -> Sequences.align(connection, OLD_SEQUENCE, QualifiedName.of("new", "tiny_id_seq"), 0))
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("MAXVALUE");
    }

    @Test
    void anIndexIsBuiltOnce() throws SQLException {
        assertThat(Indexes.createConcurrently(connection, INDEX, "note", "(body)"))
                .isTrue();
        assertThat(Indexes.createConcurrently(connection, INDEX, "note", "(body)"))
                .isFalse();
    }

    @Test
    void duplicatesAreNamedAndLeaveNoInvalidIndex() throws SQLException {
        db.execute("INSERT INTO new.note (body) VALUES ('same'), ('same')");

        assertThatThrownBy(() -> Indexes.createUniqueConcurrently(connection, INDEX, "note", "(body)"))
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("new.Note_body")
                .hasMessageContaining("23505");
        assertThat(invalidIndexes()).isZero();
    }

    @Test
    void anInvalidLeftOverIsReplaced() throws SQLException {
        db.execute("INSERT INTO new.note (body) VALUES ('same'), ('same')");
        assertThatThrownBy(() -> connection
                        .createStatement()
                        .execute("CREATE UNIQUE INDEX CONCURRENTLY \"Note_body\" ON new.note (body)"))
                .isInstanceOf(SQLException.class);
        assertThat(invalidIndexes()).isEqualTo(1);
        db.execute("DELETE FROM new.note");

        assertThat(Indexes.createUniqueConcurrently(connection, INDEX, "note", "(body)"))
                .isTrue();
        assertThat(invalidIndexes()).isZero();
    }

    @Test
    void insideATransactionAnIndexIsRefused() throws SQLException {
        connection.setAutoCommit(false);

        assertThatThrownBy(() -> Indexes.createConcurrently(connection, INDEX, "note", "(body)"))
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("auto-commit");
    }

    @Test
    void statisticsAreRefreshed() throws SQLException {
        db.execute("INSERT INTO new.note (body) SELECT 'x' FROM generate_series(1, 500)");

        Analyze.tables(connection, List.of(NEW_TABLE));

        assertThat(db.queryLong("SELECT reltuples::bigint FROM pg_class WHERE oid = 'new.note'::regclass"))
                .isEqualTo(500);
    }

    private long invalidIndexes() {
        return db.queryLong("SELECT count(*) FROM pg_index WHERE NOT indisvalid");
    }
}
