package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything at once, for some seconds a seed; and the same with one rule of the protocol left out. */
class StormTest {

    private static final String NO_LOCKS = """
            CREATE OR REPLACE FUNCTION changeover.key_lock(p_repository integer, p_key text) RETURNS integer
                LANGUAGE sql AS $$ SELECT (random() * 2e9)::int $$""";

    private static final String NO_MARKS = """
            CREATE OR REPLACE FUNCTION changeover.mark(
                p_repository integer, p_keys text[], p_side text, p_reason text) RETURNS void
                LANGUAGE sql AS $$ SELECT $$""";

    /** As changeover.enter, but nothing makes a move wait for the unit. */
    private static final String NO_FENCE = """
            CREATE OR REPLACE FUNCTION changeover.enter(p_repository integer, p_keys text[])
                RETURNS TABLE (stage text, epoch bigint, backend integer, isolation text, backfilled boolean, stale boolean,
                               sign text)
                LANGUAGE sql AS $$
                SELECT r.stage, r.epoch, pg_backend_pid(), current_setting('transaction_isolation'), r.backfilled,
                   r.stale IS NOT NULL, NULL
                  FROM changeover.repository r WHERE r.number = p_repository $$""";

    @ParameterizedTest
    @CsvSource({"1, 24, 6", "2, 2000, 6", "3, 64, 6"})
    @Guarantee("G2")
    @Guarantee("G4")
    @Guarantee("G5")
    @Guarantee("G8")
    void nothingIsLostAndBothSidesAreEqualAfterAStorm(long seed, int keys, int seconds) {
        intact(storm(1, seed, keys, seconds, "SELECT"));
    }

    /** Each instance learns of the moves of the other in its own time, and each drains what the other marked. */
    @ParameterizedTest
    @CsvSource({"4, 24, 4", "5, 64, 3"})
    @Guarantee("G2")
    @Guarantee("G4")
    @Guarantee("G5")
    @Guarantee("G8")
    void twoInstancesThatMoveForwardAndBackLoseNothing(long seed, int keys, int seconds) {
        intact(storm(2, seed, keys, seconds, "SELECT"));
    }

    private static void intact(Storm.Result result) {
        assertThat(result.errors()).isEmpty();
        assertThat(result.wrongReads()).isEmpty();
        assertThat(result.lost()).isZero();
        assertThat(result.divergent()).isZero();
        assertThat(result.moves()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {NO_LOCKS, NO_MARKS, NO_FENCE})
    void theStormFindsAProtocolWithoutOneOfItsRules(String mutant) {
        int rounds = 0;
        Storm.Result result;
        do {
            result = storm(1, 100 + rounds, 24, 3, mutant);
            rounds++;
        } while (!result.differs() && rounds < 8);

        assertThat(result.differs()).isTrue();
    }

    private static Storm.Result storm(int instances, long seed, int keys, int seconds, String mutation) {
        try (PostgresDatabase database = PostgresDatabase.fresh()
                .script("dev/changeover/proof/accounts.sql")
                .open()) {
            // what a crash would lose is another test; without waiting for the disk far more happens at once
            database.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
            Storm storm = new Storm(database, seed, keys, Duration.ofSeconds(seconds));
            Bank[] banks = Stream.generate(storm::open).limit(instances).toArray(Bank[]::new);
            try {
                database.execute(mutation);
                Storm.Result result = storm.run(banks);
                System.out.printf(
                        "storm instances=%d seed=%d keys=%d acknowledged=%d lost=%d divergent=%d wrong_reads=%d errors=%d"
                                + " serialization=%d stage_changed=%d moves=%d refused=%d marked=%d%n",
                        instances,
                        seed,
                        keys,
                        result.acknowledged(),
                        result.lost(),
                        result.divergent(),
                        result.wrongReads().size(),
                        result.errors().size(),
                        result.serialization(),
                        result.stageChanged(),
                        result.moves(),
                        result.refused(),
                        result.marked());
                return result;
            } finally {
                Stream.of(banks).forEach(Bank::close);
            }
        }
    }
}
