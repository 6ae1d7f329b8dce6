package dev.changeover.testkit;

import java.sql.Connection;
import java.sql.SQLException;

/** What is wrong with the side that follows. */
enum FollowerFault {
    /** A bug in a mapping, after the rows were written. */
    RUNTIME_EXCEPTION("throws a RuntimeException") {
        @Override
        void after() {
            throw new IllegalStateException("injected by the contract");
        }
    },
    /** An error of the server, which leaves its transaction unusable. */
    SQL_EXCEPTION("throws an SQLException") {
        @Override
        void before(Connection connection) throws SQLException {
            ContractDatabase.execute(connection, "SELECT 1 / 0");
        }
    },
    /** What nobody catches, after the rows were written. */
    ERROR("throws an Error") {
        @Override
        void after() {
            throw new StackOverflowError("injected by the contract");
        }
    },
    /** A statement that takes longer than any caller may wait. */
    SLOW("is slow beyond its limit") {
        @Override
        void before(Connection connection) throws SQLException {
            ContractDatabase.execute(connection, "SELECT pg_sleep(" + TOO_LONG_SECONDS + ")");
            // the caller waited for it to the end
            throw new AssertionError(NOT_CUT_OFF);
        }
    },
    /** A migration or a person holds the tables. */
    LOCKED("is locked by another session");

    private static final int TOO_LONG_SECONDS = 10;

    /** Tells that no limit was in force. */
    static final String NOT_CUT_OFF = "The follower took " + TOO_LONG_SECONDS + " s and was not cut off";

    final String text;

    FollowerFault(String text) {
        this.text = text;
    }

    void before(Connection connection) throws SQLException {}

    void after() {}
}
