package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a refusal is worth, whether the control schema says it to the command line or to an instance that was asked. */
@PostgresTest
class RefusalCodesTest {

    static final String CODES = """
            CO001,1 CO010,1 CO011,4 CO012,4 CO013,4 CO014,4 CO015,4 CO016,4 CO017,1 CO018,1 CO019,1 CO020,1 CO022,4 CO023,4
            CO024,4""";

    static Desk desk;

    @BeforeAll
    static void schema(PostgresDatabase database) {
        desk = Desk.withSchema(database);
    }

    @Test
    void theseAreTheCodesThatAMoveAndAPercentageCanRaise() {
        Set<String> raised = new TreeSet<>();
        for (String function :
                List.of("check_move", "check_dependencies", "require_read_committed", "move", "percent")) {
            String ddl = ControlSchema.ddl();
            String from = ddl.substring(ddl.indexOf("CREATE FUNCTION changeover." + function + "("));
            Matcher codes =
                    Pattern.compile("ERRCODE = '(CO[0-9]+)'").matcher(from.substring(0, from.indexOf("END $$")));
            while (codes.find()) {
                raised.add(codes.group(1));
            }
        }
        assertThat(CODES.split("\\s+")).extracting(each -> each.substring(0, 5)).containsExactlyElementsOf(raised);
    }

    @ParameterizedTest
    @CsvSource({
        "CO001,1", "CO010,1", "CO011,4", "CO012,4", "CO013,4", "CO014,4", "CO015,4", "CO016,4", "CO017,1", "CO018,1",
        "CO019,1", "CO020,1", "CO022,4", "CO023,4", "CO024,4"
    })
    void eachEndsAlikeDirectlyAndByRequest(String code, int exit) throws Exception {
        assertThat(CODES).contains(code + "," + exit);
        String repository = desk.repository("RAMP");
        desk.database.execute("UPDATE changeover.percentage SET percent = 50");
        desk.database.execute("CREATE OR REPLACE FUNCTION changeover.check_dependencies(p_moved text[]) RETURNS void"
                + " LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '" + code + "'; END $$");
        desk.run("move", repository, "10%", "--direct", "--reason", "why").exits(exit);

        desk.alive(repository);
        try (Application application =
                Application.fails(desk.database, repository, exit == Exit.REFUSED ? "REFUSED" : "FAILED", "no")) {
            desk.run("move", repository, "10%", "--reason", "why").exits(exit);
        }
    }
}
