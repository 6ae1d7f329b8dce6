package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Goal;
import dev.changeover.core.EntityStore;
import dev.changeover.core.FollowerMode;
import java.util.List;
import java.util.function.Function;

/**
 * How a contender of Changeover follows.
 *
 * @param key the name of its repository and its schemas
 * @param title its name in tables
 * @param mode the mode of its writes
 * @param legacy makes the store of the legacy table
 * @param next makes the store of the new table
 * @param beyond what it may add in round trips
 */
record Follower(
        String key,
        String title,
        FollowerMode mode,
        Function<Schemas.Table, EntityStore<Long, Account>> legacy,
        Function<Schemas.Table, EntityStore<Long, Account>> next,
        TripGoal beyond) {

    /** A limit of round trips, and what is counted. */
    enum TripGoal {
        /** Beyond the statements of the authority and of the follower. */
        BEYOND_STATEMENTS("beyond the statements on the tables"),
        /** In all, beyond a single write. */
        BEYOND_SINGLE("beyond a single write"),
        /** None: it is work that is asked for on top. */
        NONE("");

        private static final Goal TWO = new Goal(2);
        private static final int SINGLE = 2;

        private final String words;

        TripGoal(String words) {
            this.words = words;
        }

        String text() {
            return this == NONE ? "" : TWO.text(" ") + words;
        }

        String verdict(double trips, double beyondStatements) {
            return switch (this) {
                case BEYOND_STATEMENTS -> TWO.verdict(beyondStatements);
                case BEYOND_SINGLE -> TWO.verdict(trips - SINGLE);
                case NONE -> "";
            };
        }
    }

    static final Follower STATE = new Follower(
            "state",
            "Changeover, STATE, JDBC stores",
            FollowerMode.STATE,
            AccountStores::jdbc,
            AccountStores::jdbc,
            TripGoal.BEYOND_STATEMENTS);

    static final Follower JOOQ = new Follower(
            "jooq",
            "Changeover, STATE, JDBC and jOOQ store",
            FollowerMode.STATE,
            AccountStores::jdbc,
            AccountStores::jooq,
            TripGoal.BEYOND_STATEMENTS);

    static final Follower PROJECTED = new Follower(
            "projected",
            "Changeover, STATE, SQL projections",
            FollowerMode.STATE,
            AccountStores::projected,
            AccountStores::projected,
            TripGoal.BEYOND_SINGLE);

    static final Follower REHEARSE = new Follower(
            "rehearse",
            "Changeover, REHEARSE, JDBC stores",
            FollowerMode.REHEARSE,
            AccountStores::jdbc,
            AccountStores::jdbc,
            TripGoal.NONE);

    static final List<Follower> ALL = List.of(STATE, JOOQ, PROJECTED, REHEARSE);

    /** Returns the same under another name, for tables of its own. */
    Follower named(String other) {
        return new Follower(other, title, mode, legacy, next, beyond);
    }
}
