package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.TimeZone;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@PostgresTest(scripts = {"sql/first.sql", "sql/second.sql"})
class PostgresDatabaseTest {
    @RegisterExtension
    static final PostgresDatabase registered = PostgresDatabase.fresh();

    private final PostgresDatabase db;

    PostgresDatabaseTest(PostgresDatabase db) {
        this.db = db;
    }

    @Test
    void scriptsRunInOrder() {
        assertThat(db.queryString("SELECT note FROM greeting")).isEqualTo("hello; world");
    }

    @Test
    void twoDatabasesOfOneClusterAreSeparate() {
        assertThat(registered.name()).isNotEqualTo(db.name());
        assertThat(registered.cluster()).isSameAs(db.cluster());
        assertThat(registered.queryString("SELECT to_regclass('greeting')")).isNull();
    }

    @Test
    void theSessionHasAnotherTimeZoneThanTheJvm() throws SQLException {
        String jvm = TimeZone.getDefault().getID();
        assertThat(db.queryString("SHOW timezone")).isNotEqualTo(jvm);
        HikariDataSource pool = db.pool(2);
        try (Connection connection = pool.getConnection();
                var result = connection.createStatement().executeQuery("SHOW timezone")) {
            result.next();
            assertThat(result.getString(1)).isNotEqualTo(jvm);
        }
    }

    @Test
    void leakedConnectionsDoNotKeepTheDatabase() throws SQLException {
        PostgresDatabase other = PostgresDatabase.fresh().open();
        Connection leaked = other.connection();
        other.close();
        assertThatThrownBy(() -> leaked.createStatement().execute("SELECT 1")).isInstanceOf(SQLException.class);
        assertThat(db.queryLong("SELECT count(*) FROM pg_database WHERE datname = '" + other.name() + "'"))
                .isZero();
    }

    @Test
    void aQueryForOneRowRejectsSeveral() {
        assertThatThrownBy(() -> db.queryLong("SELECT generate_series(1, 2)")).hasMessageContaining("2 rows");
    }

    @Nested
    class InANestedClass {
        @Test
        void theDatabasesAreThoseOfTheOuterClass(PostgresDatabase inner) {
            assertThat(inner).isSameAs(db);
            assertThat(registered.queryLong("SELECT 1")).isOne();
        }
    }
}
