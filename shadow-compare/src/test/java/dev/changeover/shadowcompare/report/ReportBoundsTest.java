package dev.changeover.shadowcompare.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Much of everything. */
@PostgresTest
class ReportBoundsTest {
    @Test
    void manyRepositoriesAndAThousandDivergencesStayBounded(PostgresDatabase db) throws Exception {
        Told told = new Told(db);
        IntStream.range(0, 150).forEach(i -> told.register("repository_" + i));
        told.walk("repository_7", "NEW_ONLY");
        told.sql("""
                SELECT changeover.record_divergences((SELECT jsonb_agg(jsonb_build_object('repository', 'repository_3',
                    'operation', 'find', 'path', 'field' || i || '.inner[].leaf', 'kind', 'VALUE', 'count', i,
                    'epoch', 1, 'first_seen', now(), 'last_seen', now(), 'samples', ?::text::jsonb))
                  FROM generate_series(1, 1200) i), '[]')""", Told.samples("a[]", "<String>", "<String>"));

        Formats formats = new Formats("many", TransitionReport.read(db.dataSource()));

        assertThat(formats.json.get("repositories")).hasSize(150);
        assertThat(formats.json.at("/repositories/7/answer").asText()).isNotEmpty();
        var differs = formats.json.get("repositories").findParents("divergences").stream()
                .filter(each -> each.get("name").asText().equals("repository_3"))
                .findFirst()
                .orElseThrow()
                .get("divergences");
        assertThat(differs.at("/totals/groups").asLong()).isEqualTo(1000);
        assertThat(differs.at("/totals/shed").asLong()).isPositive();
        assertThat(differs.get("groups")).hasSize(50);
        assertThat(differs.get("fields")).hasSize(300);
        assertThat(formats.section("r-repository_3-divergences")).contains("950 more are not shown");
        assertThat(formats.html).hasSizeLessThan(1_000_000).contains("Nobody was asked whether it may go on.");
        assertThat(formats.html).contains("id=\"r-repository_149\">").doesNotContain("open=\"open\"");
        assertThat(formats.markdown).contains("repositories do not fit here");
    }
}
