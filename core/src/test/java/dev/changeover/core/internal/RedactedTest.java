package dev.changeover.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.UnmappableRowException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class RedactedTest {

    @Test
    void ofAServersFailureTheStateAndTheConstraintRemain() {
        SQLException unique = new SQLException(
                "ERROR: duplicate key value violates unique constraint \"users_email_key\"\n"
                        + "  Detail: Key (email)=(ada@example.org) already exists.",
                "23505");

        assertThat(Redacted.message(unique)).isEqualTo("SQLSTATE 23505, constraint \"users_email_key\"");
        assertThat(Redacted.message(new IllegalStateException("ada@example.org", unique)))
                .isEqualTo("SQLSTATE 23505, constraint \"users_email_key\"");
        assertThat(Redacted.message(new SQLException("value \"secret\" is too long", "22001")))
                .isEqualTo("SQLSTATE 22001");
    }

    @Test
    void theLibrarysOwnMessagesRemain() {
        assertThat(Redacted.message(new UnmappableRowException("old.users", "status", "42", "unknown")))
                .contains("old.users.status", "42");
    }

    @Test
    void ofAnythingElseTheTypeRemains() {
        assertThat(Redacted.message(new IllegalStateException("ada@example.org")))
                .isEqualTo("java.lang.IllegalStateException");
    }
}
