package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The doctor finds what is wrong, and says what to do. */
@PostgresTest
class DoctorTest {
    static Desk desk;

    @BeforeAll
    static void schema(PostgresDatabase database) {
        desk = Desk.withSchema(database);
    }

    /** The remedies of one check that are not OK. */
    private static List<String> complaints(String check) {
        List<String> complaints = new ArrayList<>();
        for (JsonNode each : desk.json("doctor").json().get("findings")) {
            if (each.get("check").asText().equals(check)
                    && !each.get("verdict").asText().equals("OK")) {
                complaints.add(
                        each.get("found").asText() + " => " + each.get("remedy").asText());
            }
        }
        return complaints;
    }

    private static void finds(String check, String what) {
        assertThat(complaints(check)).as(check).anyMatch(each -> each.contains(what));
    }

    @Test
    void itFindsWhatIsWrongWithTheTransition() {
        String repository = desk.repository("DUAL_WRITE");
        finds("instances", repository);
        finds("strangers", repository);
        desk.alive(repository);
        assertThat(complaints("instances")).noneMatch(each -> each.contains(repository));

        String where = " WHERE name = '" + repository + "'";
        desk.database.execute("UPDATE changeover.repository SET epoch = 2, stale = 'NEW', sentinels = '{LEGACY}',"
                + " watched_tables = '{public.gone}'" + where);
        finds("instances behind", repository);
        finds("stale sides", "changeover backfill --reseed");
        finds("sentinels", "public.gone");
        finds("watched tables", "relation public.gone does not exist");

        desk.database.execute(
                "INSERT INTO changeover.mark (repository, key, side, reason, at) SELECT number, '7', 'LEGACY',"
                        + " 'FAILED', clock_timestamp() - interval '2 minutes' FROM changeover.repository" + where);
        finds("old marks", repository);
        finds("failing followers", "1 copies failed");
        desk.database.execute("INSERT INTO changeover.attempt SELECT number, '7', 12, clock_timestamp(), true, '23505'"
                + " FROM changeover.repository" + where);
        finds("parked keys", "changeover marks retry " + repository);
        desk.database.execute("INSERT INTO changeover.checkpoint (repository, job, epoch, updated_at) SELECT number,"
                + " 'BACKFILL', 1, clock_timestamp() - interval '1 hour' FROM changeover.repository" + where);
        finds("copies under way", "changeover backfill " + repository);
        desk.database.execute("INSERT INTO changeover.request (repository, verb, reason, requested_at) VALUES ('"
                + repository + "', 'verify', 'why', clock_timestamp() - interval '1 minute')");
        finds("requests", "was taken by nobody");
        desk.database.queryStrings("SELECT changeover.record_divergences('[{\"repository\": \"" + repository
                + "\", \"operation\": \"find\", \"path\": \"name\", \"kind\": \"VALUE\", \"count\": 1, \"epoch\": 1,"
                + " \"first_seen\": \"2026-01-01\", \"last_seen\": \"2026-01-01\", \"samples\": []}]', '[]')::text");
        finds("divergences", "1 unreviewed");
        assertThat(desk.run("doctor").exits(3).out()).contains("FAIL", "public.gone");
    }

    @Test
    void itFindsWhatIsWrongWithTheServer() throws Exception {
        desk.database.execute("CREATE TABLE big AS SELECT generate_series(1, 2000) AS i;"
                + " ALTER TABLE big SET (autovacuum_enabled = false)");
        org.awaitility.Awaitility.await()
                .until(() -> complaints("statistics").stream().anyMatch(each -> each.contains("ANALYZE public.big")));
        desk.database.execute("ANALYZE big");
        org.awaitility.Awaitility.await().until(() -> complaints("statistics").isEmpty());
    }

    @Test
    void aRoleWithTheGrantsOfAnOperatorMayUseEveryVerbAndOneWithoutIsTold() {
        String role = "operator_" + desk.database.name();
        desk.database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'planted'");
        Desk other = new Desk(desk.database);
        other.environment.put("CHANGEOVER_URL", desk.database.jdbcUrl().replaceFirst("[?].*", ""));
        other.environment.put("CHANGEOVER_USER", role);
        other.environment.put("CHANGEOVER_PASSWORD", "planted");
        try {
            assertThat(other.run("status").exits(1).flat()).contains("changeover ddl --operator ROLE");
            assertThat(other.json("doctor").exits(3).out()).contains("may not look at it");

            desk.database.execute(desk.run("ddl", "--operator", role).out());
            String repository = desk.repository("SHADOW");
            other.run("back", repository, "--reason", "why").exits(0);
            other.run("verify", repository, "--wait", "100ms").exits(1);
            other.run("marks").exits(0);
            other.run("sentinels").exits(0);
            other.run("divergences").exits(0);
            assertThat(other.json("doctor").json().get("findings"))
                    .anyMatch(each -> each.get("check").asText().equals("rights of this role")
                            && each.get("verdict").asText().equals("OK"))
                    .noneMatch(each -> each.get("found").asText().contains("could not be looked at"));
            assertThat(desk.database.queryString(
                            "SELECT db_user FROM changeover.history WHERE repository = '" + repository + "'"))
                    .isEqualTo(role);
        } finally {
            desk.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
        }
    }
}
