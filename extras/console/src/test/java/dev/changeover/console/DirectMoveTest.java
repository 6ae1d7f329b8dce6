package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A way back is there when no instance of the application is. */
@PostgresTest
class DirectMoveTest {
    static Desk desk;

    @BeforeAll
    static void schema(PostgresDatabase database) {
        desk = Desk.withSchema(database);
    }

    @Test
    void backWorksWithoutAnInstance() {
        String repository = desk.repository("SHADOW");
        Desk.Run run = desk.run("back", repository, "--reason", "new is slow").exits(0);
        assertThat(run.flat()).contains(repository + " is in DUAL_WRITE, epoch 2");
        assertThat(run.flat()).contains("the SQL function moves it");
        assertThat(desk.stage(repository)).isEqualTo("DUAL_WRITE");
        assertThat(desk.database.queryString(
                        "SELECT actor || ': ' || reason FROM changeover.history WHERE repository = '" + repository
                                + "'"))
                .isEqualTo("ann: new is slow");

        JsonNode json = desk.json("move", repository, "legacy_only", "--reason", "off", "--actor", "bob")
                .exits(0)
                .json();
        assertThat(json.get("request").isNull()).isTrue();
        assertThat(json.at("/result/moved/0/stage").asText()).isEqualTo("LEGACY_ONLY");
        assertThat(desk.run("back", repository, "--reason", "why").exits(1).flat())
                .contains("no stage before");
    }

    @Test
    void backGoesByTheFunctionWhereNoInstanceTakesTheRequest() {
        String repository = desk.repository("SHADOW");
        desk.alive(repository);
        Desk.Run run = desk.run("back", repository, "--reason", "why", "--wait", "200ms")
                .exits(0);
        assertThat(run.flat()).contains("No instance took the request");
        assertThat(desk.stage(repository)).isEqualTo("DUAL_WRITE");
    }

    @Test
    void aDryRunGoesTheSameWayAndChangesNothing() {
        String repository = desk.repository("SHADOW");
        Desk.Run run =
                desk.run("back", repository, "--reason", "why", "--dry-run").exits(0);
        assertThat(run.flat()).contains("would be in DUAL_WRITE", "Nothing was changed");
        assertThat(desk.stage(repository)).isEqualTo("SHADOW");
        assertThat(desk.database.queryLong(
                        "SELECT count(*) FROM changeover.history WHERE repository = '" + repository + "'"))
                .isZero();

        String led = desk.repository("NEW_PRIMARY");
        desk.mark(led, "7");
        desk.run("back", led, "--reason", "why", "--dry-run").exits(4);
    }

    @Test
    void whatWouldLoseDataIsRefusedWithFour() {
        String repository = desk.repository("NEW_PRIMARY");
        desk.mark(repository, "7");
        assertThat(desk.run("back", repository, "--reason", "why").exits(4).flat())
                .contains("1 marks are open", "Let the drain finish");
        JsonNode json =
                desk.json("back", repository, "--reason", "why").exits(4).json();
        assertThat(json.at("/error/sqlState").asText()).isEqualTo("CO014");
        assertThat(json.get("exit").asInt()).isEqualTo(4);
        assertThat(desk.stage(repository)).isEqualTo("NEW_PRIMARY");
    }

    @Test
    void aHeldFenceIsAnErrorAndNoRefusal() throws Exception {
        String repository = desk.repository("SHADOW");
        String number =
                desk.database.queryString("SELECT number FROM changeover.repository WHERE name = '" + repository + "'");
        try (Connection writer = desk.database.connection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("SELECT changeover.enter(" + number + ", ARRAY['1'])");
            assertThat(desk.run("back", repository, "--reason", "why").exits(1).flat())
                    .contains("open transactions hold the fence");
            writer.rollback();
        }
    }

    @Test
    void forwardNeedsAnOverride() {
        String repository = desk.repository("LEGACY_ONLY");
        assertThat(desk.run("move", repository, "DUAL_WRITE", "--direct", "--reason", "why")
                        .exits(2)
                        .flat())
                .contains("--override-gates");
        desk.run("move", repository, "DUAL_WRITE", "--direct", "--override-gates", "--reason", "why")
                .exits(0);
        assertThat(desk.database.queryString(
                        "SELECT evidence ->> 'overridden' FROM changeover.history WHERE repository = '" + repository
                                + "'"))
                .isEqualTo("true");
        desk.run("move", repository, "RAMP", "--direct", "--override-gates", "--reason", "why")
                .exits(1);
        desk.run("move", repository, "nowhere", "--reason", "why").exits(2);
        assertThat(desk.run("move", repository, "dual-write", "--reason", "why")
                        .exits(0)
                        .flat())
                .contains("already");
    }

    @Test
    void aPercentageGoesDownWithoutAnInstanceAndUpWithAnOverrideOnly() {
        String repository = desk.repository("RAMP");
        desk.run("move", repository, "50%", "--direct", "--reason", "why").exits(2);
        desk.run("move", repository, "50%", "--direct", "--override-gates", "--reason", "why")
                .exits(0);
        assertThat(desk.run("move", repository, "10%", "--reason", "why", "--dry-run")
                        .exits(0)
                        .flat())
                .contains("would be in RAMP, 10 %");
        JsonNode json =
                desk.json("move", repository, "10%", "--reason", "why").exits(0).json();
        assertThat(json.at("/result/moved/0/percent").asInt()).isEqualTo(10);
        assertThat(desk.run("status", repository).flat()).contains("RAMP 10 %", "PERCENT");
    }

    @Test
    void severalMoveInOneStepAndNobodyMovesFromAnEpochThatHasGone() {
        String one = desk.repository("SHADOW");
        String other = desk.repository("SHADOW");
        desk.run("move", one, "DUAL_WRITE", "--with", other, "--reason", "why", "--expect-epoch", "4")
                .exits(1);
        desk.run("move", one, "DUAL_WRITE", "--with", other, "--reason", "why", "--expect-epoch", "1")
                .exits(0);
        assertThat(desk.stage(other)).isEqualTo("DUAL_WRITE");
    }

    @Test
    void aPersonAtATerminalIsAskedForTheReason() {
        Desk watched = new Desk(desk.database);
        watched.environment.put("NO_COLOR", "1");
        watched.ask = question -> "because";
        String repository = desk.repository("SHADOW");
        watched.run("back", repository).exits(0);
        assertThat(desk.database.queryString(
                        "SELECT reason FROM changeover.history WHERE repository = '" + repository + "'"))
                .isEqualTo("because");
    }
}
