package dev.changeover.shadowcompare.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.GateResult.Verdict;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What somebody has put there to harm. */
@PostgresTest
class HostileReportTest {
    private static final String SECRET = "hunter2-correct-horse";
    private static final String EVIL =
            "</td></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&|`[x](javascript:1)"
                    + "\u0001\u001b[31m\u202etxt.exe\u2066\ud800\r\nSet-Cookie: x";
    private static final String LONG = "x".repeat(5_000_000) + SECRET + "y".repeat(5_000_000);

    @Test
    void hostileValuesNeitherRunNorLeakNorBreakThePage(PostgresDatabase db) throws Exception {
        Told told = new Told(db).register("users").walk("users", "RAMP");
        String short200 = EVIL.replace("\ud800", "");
        told.percent("users", 1, short200, short200)
                .percent("users", 2, "mallory", LONG)
                .sql(
                        "SELECT changeover.percent(ARRAY['users'], 3, 'evidence', 'mallory', ?::text::jsonb)",
                        "{\"overridden\": true, \"secret\": \"" + SECRET + "\", \"gates\": [7, {\"gate\": \"<b>g</b>\","
                                + " \"verdict\": \"<i>\", \"password\": \"" + SECRET + "\"}]}")
                .sql("SELECT changeover.percent(ARRAY['users'], 4, 'odd', 'mallory', '{\"gates\": \"none\"}')")
                .instance(short200, LONG, 3600, "users", 0)
                .compared("users", short200, "READ", 5, 1, 1, 1, 1, 1, 1)
                .called("users", short200, "NEW", 5, 10, 0, 2)
                .diverged(
                        "users",
                        short200,
                        short200,
                        "VALUE",
                        1,
                        "[{\"rank\":1,\"key\":\"<svg onload=alert(1)>\",\"path\":\"" + LONG + "\",\"authority\":\""
                                + LONG + "\",\"follower\":\"\\u202e<script>\",\"raw\":\"" + SECRET + "\"}, 7]")
                .verified("users", 1, "ERROR", "{\"equal\": \"NaN\", \"<b>\": 4}", "[1]", "1 hour")
                .marked("users", short200, LONG, "1 hour")
                .parked("users", short200, LONG)
                .foreign("users", short200, LONG, 3)
                .sql(
                        "INSERT INTO changeover.request (repository, verb, arguments, reason, error) VALUES ('users', 'explain',"
                                + " jsonb_build_object('key', ?::text), 'why', ?)",
                        SECRET,
                        SECRET);
        List<GateReport> gates = List.of(
                new GateReport("users", EVIL, List.of(new GateResult(EVIL, Verdict.UNKNOWN, LONG, EVIL, EVIL, null))));
        List<BackMove> back = List.of(
                new BackMove("users", Stage.RAMP, Stage.SHADOW, BackMove.Verdict.LOSSY, List.of(EVIL, LONG), EVIL));

        Formats formats =
                new Formats("hostile", TransitionReport.read(db.dataSource()).withGates(gates, back));

        assertThat(formats.everything())
                .doesNotContain(SECRET)
                .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\u202a-\\u202e\\u2066-\\u2069]");
        assertThat(formats.page.getDocumentElement().getTextContent())
                .contains("<script>alert(1)</script>", "\\u202etxt.exe", "\\u001b[31m");
        assertThat(formats.html).hasSizeLessThan(150_000).doesNotContain("<script");
        assertThat(formats.markdown).doesNotContain("<script", "<img").doesNotContainPattern("(?<!\\\\)\\[x\\]");
        assertThat(formats.cases("error")).singleElement().asString().contains("<script>");
    }
}
