package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.testkit.Guarantee;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The failure matrix: SQL that goes round the library, in each stage, inside and outside routed transactions. */
class StrangerFailureTest {

    private static final Field.Cache FIELDS = new Field.Cache(Field::watched);

    /** Where the strange statements are run. */
    enum Place {
        OWN_TRANSACTION,
        BEFORE_A_ROUTED_WRITE,
        AFTER_A_ROUTED_WRITE
    }

    @AfterAll
    static void close() {
        FIELDS.close();
    }

    static Stream<Arguments> everywhere() {
        return Arrays.stream(Stage.values())
                .flatMap(stage -> Arrays.stream(Place.values()).map(place -> Arguments.of(stage, place)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    @Guarantee("G1")
    @Guarantee("G7")
    @FailureRow(FailureRow.PSQL)
    void whatAStrangerWritesToTheAuthorityIsFollowed(Stage stage, Place place) {
        Field field = FIELDS.at(stage);
        write(field, place, strange(stage.authority()));
        List<String> marked =
                field.scene.database.queryStrings("SELECT DISTINCT key FROM changeover.mark ORDER BY key");
        assertThat(marked).isEqualTo(field.followed() ? List.of("2", "3", "4") : List.of());
        field.settled(place == Place.OWN_TRANSACTION ? "1 8 - 8 -" : "5 8 - 8 -");
    }

    /** Also behind the back of a unit of work, whose own statement then fails. */
    @ParameterizedTest
    @MethodSource("everywhere")
    @Guarantee("G7")
    @FailureRow(FailureRow.PSQL)
    void whatAStrangerWritesToTheOtherSideIsRefusedOrHarmless(Stage stage, Place place) {
        Field field = FIELDS.at(stage);
        String sql = strange(stage.authority().other());
        if (stage == Stage.LEGACY_ONLY) {
            write(field, place, sql); // new is nobody's yet, and a backfill comes before it counts
            field.settled(place == Place.OWN_TRANSACTION ? "1 1 1 - -" : "5 1 1 - -");
            field.scene.sql("DELETE FROM fresh.account");
        } else {
            assertThatThrownBy(() -> write(field, place, sql)).hasStackTraceContaining("this change of its");
            field.settled("1 1 1 - -");
        }
    }

    private static void write(Field field, Place place, String sql) {
        if (place == Place.OWN_TRANSACTION) {
            field.scene.sql(sql);
            return;
        }
        try (Caller caller = field.scene.caller()) {
            if (place == Place.BEFORE_A_ROUTED_WRITE) {
                caller.sql(field.bank, sql);
            }
            caller.run(() -> field.bank.accounts.save(new Account(1, "after", 5)));
            if (place == Place.AFTER_A_ROUTED_WRITE) {
                caller.sql(field.bank, sql);
            }
            caller.commit();
        }
    }

    /** A changed row, a removed one and a new one. */
    private static String strange(Side side) {
        String columns = side == Side.LEGACY ? "(id, name, balance, state)" : "(id, label, balance, state)";
        String table = Field.table(side);
        return "UPDATE " + table + " SET balance = 8 WHERE id = 2; DELETE FROM " + table + " WHERE id = 3; INSERT INTO "
                + table + " " + columns + " VALUES (4, 'strange', 8, 'open')";
    }

    @Test
    @FailureRow(value = FailureRow.PSQL, stages = Stage.NEW_PRIMARY, mutant = true)
    void withoutSentinelsTheCheckFails() {
        try (Field field = Field.open(Stage.NEW_PRIMARY)) {
            write(field, Place.AFTER_A_ROUTED_WRITE, strange(Side.NEW));
            assertThatThrownBy(() -> field.settled("5 8 - 8 -"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("different and not marked");
        }
    }
}
