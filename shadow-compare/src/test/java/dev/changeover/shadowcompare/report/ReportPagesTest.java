package dev.changeover.shadowcompare.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.w3c.dom.Element;

/** A rollout in the middle of its way, in every format. */
@PostgresTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportPagesTest {
    private Formats formats;
    private JsonNode users;

    @BeforeAll
    void report(PostgresDatabase db) throws Exception {
        formats = new Formats("report", new Rollout(db).report);
        users = formats.json.at("/repositories/3");
    }

    @Test
    void theVerdictComesFirst() {
        assertThat(Formats.elements(formats.page, "h1").get(0).getTextContent()).isEqualTo("1 of 4 may go on: rooms.");
        assertThat(formats.markdown)
                .startsWith("# 1 of 4 may go on: rooms.\n")
                .contains("- users: soak time – Wait (not");
        assertThat(formats.json.get("answer").asText()).isEqualTo("GO");
        assertThat(formats.json.at("/repositories/2/answer").asText()).isEqualTo("NOT_ASKED");
        assertThat(users.get("attention").toString())
                .contains(
                        "2 divergence groups that nobody has decided about",
                        "1 instance behind",
                        "1 key parked",
                        "119 rows");
    }

    @Test
    void gatesSayWhatIsMissingAndUntilWhen() {
        assertThat(formats.section("r-users-gates"))
                .contains("25 % -> 50 %: not yet, 1 of 5 gates passed", "Wait, not before 20", "in 3 h", "42 % done")
                .contains("A step back to SHADOW: SAFE, nothing is lost.");
        assertThat(formats.section("r-rooms-gates"))
                .contains("it may go on, 2 of 2 gates passed", "SAFE_AFTER_DRAIN", "17");
        assertThat(formats.section("r-settings-gates")).contains("No instance was asked");
        assertThat(formats.cases("testcase")).hasSize(11).contains("25 % -> 50 %: soak time", "gates");
        assertThat(formats.cases("failure")).hasSize(5).contains("25 % -> 50 %: soak time");
        assertThat(formats.cases("error")).containsExactly("gates", "25 % -> 50 %: disk");
    }

    @Test
    void stagesAreShownOverTimeWithWhoIsBehind() {
        assertThat(users.at("/position/stage").asText()).isEqualTo("RAMP");
        assertThat(users.at("/history/stretches")).hasSize(5);
        assertThat(users.at("/history/stretches/4/percent").asInt()).isEqualTo(25);
        assertThat(users.at("/instances/0/instance").asText()).isEqualTo("pod-5d81-9");
        assertThat(formats.section("r-users-stage"))
                .contains("RAMP 25 % for 2 h, epoch 4, on 3 live instances; 1 behind", "pod-5d81-9", "gone 2 h ago");
        assertThat(formats.markdown).contains("| RAMP | 25 % |");
    }

    @Test
    void whatItCostsToWriteBothSidesIsShownUntilItIsOver() {
        assertThat(users.at("/position/dual/follower/p50").asDouble()).isBetween(0.9, 1.4);
        assertThat(users.at("/position/dual/authority/p50").asDouble()).isBetween(2.3, 3.5);
        assertThat(users.at("/position/dual/since").asText()).endsWith("Z");
        assertThat(formats.section("r-users-stage"))
                .contains("Both sides are written since", "Callers waited", "for the follower, beside");
        assertThat(formats.markdown).contains("Both sides are written since");
    }

    @Test
    void comparisonsSayHowManyAndTheBound() {
        assertThat(users.at("/comparisons/total/diverged").asLong()).isEqualTo(31);
        assertThat(users.at("/comparisons/sources")).hasSize(2);
        assertThat(users.at("/comparisons/slots")).hasSize(48);
        assertThat(formats.section("r-users-comparisons")).contains("31 diverged", "write check");
        JsonNode logs = formats.json.at("/repositories/0/comparisons/sources/0");
        assertThat(logs.get("bound").asDouble()).isEqualTo(3.0 / 5312, org.assertj.core.api.Assertions.within(1e-8));
        assertThat(formats.section("r-audit_logs-comparisons"))
                .contains("none diverged: with 95 % confidence fewer than 0.056 % do (3/n)");
    }

    @Test
    void divergencesAreATreeOfFieldsAndGroupsWithSamplesAndDecisions() {
        assertThat(users.at("/divergences/fields/0/path").asText()).isEqualTo("authProviders[]");
        assertThat(users.at("/divergences/fields/0/count").asLong()).isEqualTo(36);
        assertThat(users.at("/divergences/fields/1/path").asText()).isEqualTo("authProviders[].lastUsedAt");
        assertThat(users.at("/divergences/groups/0/state").asText()).isEqualTo("NEW");
        assertThat(users.at("/divergences/groups/0/samples")).hasSize(5);
        assertThat(formats.section("r-users-divergences"))
                .contains("42 confirmed divergences in 5 groups", "TO_BE_FIXED", "carol", "CONF-1182", "2031-01-15")
                .contains("<Instant>, 412 ms apart", "authority (now legacy)");
        assertThat(formats.markdown).contains("| authProviders\\[] | 36 | 1 group |", "&lt;Instant>, 412 ms apart");
    }

    @Test
    void bothSidesAreTimedAndTheLastMovesAreLookedAt() {
        JsonNode find = users.at("/calls/operations/0");
        assertThat(find.get("name").asText()).isEqualTo("find");
        assertThat(find.at("/legacy/p50").asDouble()).isBetween(1.1, 1.6);
        assertThat(find.at("/legacy/p95").asDouble()).isBetween(2.0, 3.5);
        assertThat(find.get("ratio").asDouble()).isBetween(1.1, 1.7);
        assertThat(users.at("/calls/operations/2/next").isNull()).isTrue();
        assertThat(users.at("/calls/changes/0/what").asText()).isEqualTo("10 % -> 25 %");
        assertThat(users.at("/calls/changes/0/before/legacy/calls").asLong()).isEqualTo(1200 + 240 + 90);
        assertThat(users.at("/calls/changes/0/before/legacy/failures").asLong()).isOne();
        assertThat(users.at("/calls/changes/0/before/next/calls").asLong()).isEqualTo(130 + 30);
        assertThat(users.at("/calls/changes/0/before/next/p50").asDouble()).isBetween(1.1, 2.1);
        assertThat(users.at("/calls/changes/0/before/compared/matched").asLong())
                .isPositive();
        assertThat(users.at("/calls/changes/0/after/legacy/calls").asLong()).isEqualTo(930 + 240 + 90);
        assertThat(users.at("/calls/changes/0/after/next/calls").asLong()).isEqualTo(310 + 80);
        assertThat(users.at("/calls/changes/0/after/compared").isNull()).isTrue();
        assertThat(formats.section("r-users-speed"))
                .contains("10 % -> 25 %", "390; ", "nothing was measured", " matched, ");
        assertThat(formats.section("r-users-speed")).contains("At the p95 new takes at most 1.43× the time of legacy");
    }

    @Test
    void copiesMarksAndForeignWritersAreThere() {
        assertThat(formats.section("r-users-copies"))
                .contains("finished", "1,204,331", "DIVERGED", "displayName 4", "511,000 of about 1,204,000");
        assertThat(formats.section("r-users-marks"))
                .contains(
                        "2 marks are open, the oldest of 14 min ago; 1 key waits for a person", "follower was too slow")
                .contains("users_email_check", "nightly-cleanup.sh", "119");
        assertThat(users.at("/marks/parked/0/key").asText()).isEqualTo("8841");
        assertThat(formats.markdown).contains("nightly-cleanup.sh", "| 8841 | 10 |");
    }

    @Test
    void historySaysWhoAndWhy() {
        assertThat(users.at("/history/steps/0/reason").asText()).isEqualTo("no divergence at 10 %");
        assertThat(formats.section("r-users-history")).contains("PERCENT 10 % → 25 %", "alice", "SETTLE BACKFILLED");
        assertThat(formats.markdown).contains("| MOVE SHADOW → RAMP | alice |");
    }

    @Test
    void theOnlyThingThatThePageMayLoadIsItsOwnStyleSheet() throws Exception {
        String css = Formats.elements(formats.page, "style").get(0).getTextContent();
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(css.getBytes(StandardCharsets.UTF_8)));
        assertThat(Formats.elements(formats.page, "meta"))
                .filteredOn(each -> each.getAttribute("http-equiv").equals("Content-Security-Policy"))
                .singleElement()
                .extracting((Element each) -> each.getAttribute("content"))
                .isEqualTo("default-src 'none'; style-src 'sha256-" + hash + "'; base-uri 'none'; form-action 'none'");
        assertThat(css).doesNotContain("url(", "@import");
    }

    @Test
    void drawingsSayInWordsWhatTheyShow() {
        assertThat(Formats.elements(formats.page, "svg"))
                .isNotEmpty()
                .allMatch(each -> each.getAttribute("aria-hidden").equals("true")
                        || !each.getAttribute("aria-label").isEmpty());
        assertThat(formats.html).contains("aria-label=\"Share of reads on new since ");
    }
}
