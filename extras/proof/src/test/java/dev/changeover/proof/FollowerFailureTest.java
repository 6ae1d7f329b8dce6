package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.Guarantee;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The failure matrix: a follower that cannot be written, in each stage that has one. */
class FollowerFailureTest {

    private static final String CREATE_ROLE = """
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'matrix_app') THEN
                    CREATE ROLE matrix_app;
                END IF;
            END $$;
            GRANT USAGE ON SCHEMA old, fresh TO matrix_app;
            GRANT ALL ON old.account, fresh.account TO matrix_app;
            """;

    private static final Field.Cache FIELDS = new Field.Cache(FollowerFailureTest::open);

    private static Field open(Stage stage) {
        Field field = Field.open(stage);
        field.scene.sql(CREATE_ROLE + ControlSchema.grants("matrix_app"));
        return field;
    }

    @AfterAll
    static void close() {
        FIELDS.close();
    }

    /** What is wrong with the follower; {follower} stands for its table. */
    enum Fault {
        /** No space on the disk. */
        FULL(raising("53100")),
        /** A quota. */
        OVER_QUOTA(raising("53400")),
        /** Memory, for example that of the lock table. */
        OUT_OF_MEMORY(raising("53200")),
        /** The transaction that writes it may only read. */
        READ_ONLY_TABLE(raising("25006")),
        /** The role has no rights to write. */
        READ_ONLY_ROLE("REVOKE INSERT, UPDATE, DELETE ON {follower} FROM matrix_app"),
        /** The row is against its constraints. */
        REFUSING("ALTER TABLE {follower} ADD CONSTRAINT refusing CHECK (balance < 0) NOT VALID;"
                + raising("23514").replace("OR UPDATE OR DELETE", "")),
        /** Slower than the caller may be kept. */
        SLOW(trigger("PERFORM pg_sleep(30)"));

        private static final String MEND = "DROP TRIGGER IF EXISTS fault ON {follower};"
                + " ALTER TABLE {follower} DROP CONSTRAINT IF EXISTS refusing;"
                + " GRANT ALL ON {follower} TO matrix_app";

        private final String breaking;

        Fault(String breaking) {
            this.breaking = breaking;
        }

        private static String raising(String state) {
            return trigger("RAISE EXCEPTION $e$broken$e$ USING ERRCODE = $e$" + state + "$e$");
        }

        private static String trigger(String statement) {
            return "CREATE OR REPLACE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + statement
                    + "; RETURN NULL; END $$;"
                    + "CREATE TRIGGER fault BEFORE INSERT OR UPDATE OR DELETE ON {follower}"
                    + " FOR EACH STATEMENT EXECUTE FUNCTION public.fault()";
        }
    }

    static Stream<Arguments> everyFault() {
        return WriteFailureTest.followed()
                .flatMap(stage -> Arrays.stream(Fault.values()).map(fault -> Arguments.of(stage, fault)));
    }

    /** A new row, a changed one and a removed one; the callers see nothing of it but their results. */
    @ParameterizedTest
    @MethodSource("everyFault")
    @Guarantee("G1")
    @Guarantee("G2")
    @Guarantee("G3")
    @FailureRow(FailureRow.FOLLOWER)
    void theCallersWritesStandAndAreMarked(Stage stage, Fault fault) {
        Field field = FIELDS.at(stage);
        change(field, fault.breaking);
        try {
            asTheApplication(field, () -> {
                assertThat(field.bank.accounts.save(new Account(4, "d", 4))).isEqualTo(new Account(4, "d", 4));
                assertThat(field.bank.accounts.add(2, 1)).isOne();
            });
            asTheApplication(field, () -> field.bank.accounts.delete(3));
            field.acknowledged("1 2 - 4 -");
            assertThat(field.scene.database.queryStrings("SELECT DISTINCT key FROM changeover.mark ORDER BY key"))
                    .containsExactlyElementsOf(fault == Fault.REFUSING ? List.of("2", "4") : List.of("2", "3", "4"));
        } finally {
            change(field, Fault.MEND);
        }
        field.settled("1 2 - 4 -");
    }

    private static void change(Field field, String sql) {
        field.scene.sql(sql.replace("{follower}", Field.table(followerOf(field.stage))));
    }

    private static Side followerOf(Stage stage) {
        return stage.authority().other();
    }

    private static void asTheApplication(Field field, Runnable writes) {
        try (Caller caller = field.scene.caller()) {
            caller.sql(field.bank, "SET LOCAL ROLE matrix_app");
            caller.run(writes);
            caller.sql(field.bank, "RESET ROLE");
            caller.commit();
        }
    }

    /** The threads of the library get no connection; callers are not concerned, marks wait. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "SHADOW", "RAMP", "NEW_PRIMARY"})
    @Guarantee("G1")
    @Guarantee("G3")
    @FailureRow(FailureRow.FOLLOWER)
    void aDrainWithoutAConnectionLeavesTheMarksAndGoesOnLater(Stage stage) throws SQLException {
        Field field = FIELDS.at(stage);
        field.bank.events.failures.clear();
        List<Connection> taken = new ArrayList<>();
        field.library.setConnectionTimeout(250);
        try {
            while (taken.size() < field.library.getMaximumPoolSize()) {
                taken.add(field.library.getConnection());
            }
            field.bank.changeover.drain().resume();
            field.probe.throwAt(field.followerStore("upsert"), () -> new IllegalStateException("marked"));
            field.bank.accounts.save(new Account(1, "after", 5));
            field.bank.accounts.add(2, 1);
            field.scene.awaitTrue(
                    "the drain has found no connection",
                    () -> field.bank.events.failures.stream()
                            .anyMatch(failure ->
                                    String.valueOf(failure.getMessage()).contains("not available")));
            field.acknowledged("5 2 1 - -");
            assertThat(field.scene.marks()).isOne();
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
            field.library.setConnectionTimeout(5_000);
        }
        field.scene.awaitTrue("its own thread has drained", () -> field.scene.marks() == 0);
        field.bank.changeover.drain().pause();
        field.settled("5 2 1 - -");
    }

    /** As {@link #theCallersWritesStandAndAreMarked}, without the mark that the failure leaves. */
    @Test
    @FailureRow(value = FailureRow.FOLLOWER, stages = Stage.NEW_PRIMARY, mutant = true)
    void withoutTheMarkTheCheckFails() {
        try (Field field = open(Stage.NEW_PRIMARY)) {
            field.scene.mutate("mark", "FROM unnest(p_keys) k", "FROM unnest(p_keys) k WHERE false");
            change(field, Fault.FULL.breaking);
            field.bank.accounts.add(2, 1);
            change(field, Fault.MEND);
            assertThatThrownBy(() -> field.settled("1 2 1 - -"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("different and not marked");
        }
    }
}
