package dev.changeover.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.KeyDivergence;
import dev.changeover.shadowcompare.RecordComparison;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.Verification;
import dev.changeover.shadowcompare.VerificationMode;
import dev.changeover.shadowcompare.VerificationResult;
import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys that are texts are told apart by their bytes, however their columns sort them and whatever they find equal: each
 * difference is found with its key in every mode, and there are no others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CollationTest {

    private static final String KEYS = """
            INSERT INTO old.thing SELECT k, 'of ' || k FROM unnest(ARRAY['', ' ', '-', '_x', '0', '10', '9', 'A', 'Äpfel',
                'apple', 'B', 'b-1', 'b1', 'b 2', 'Case', 'côte', 'coté', 'D', 'e', 'F', 'ﬁ', 'fj', 'Straße', 'strasz',
                'Z', 'z1', 'Zoë', 'ñ', 'Ω', 'я', '中', '𐐷', U&'\\FFFD', 'a''b', 'a"b', 'a\\b', 'a,b', '{c}', 'NULL']) k;
            INSERT INTO fresh.thing SELECT * FROM old.thing""";

    private static final String DAMAGE = """
            UPDATE fresh.thing SET said = 'else' WHERE id IN ('b1', 'Zoë', '𐐷');
            DELETE FROM fresh.thing WHERE id = 'Äpfel';
            DELETE FROM old.thing WHERE id = '_x';
            UPDATE fresh.thing SET id = 'CASE' WHERE id = 'Case';
            INSERT INTO fresh.thing VALUES ('zz', 'extra')""";

    private static final String[] DAMAGED = {"_x", "b1", "CASE", "Case", "Zoë", "zz", "Äpfel", "𐐷"};

    private final PostgresDatabase database = PostgresDatabase.fresh().open();
    /** Connections of their own: a statement that is kept does not outlive the collation of its columns. */
    private final DataSource pool = database.dataSource();

    /** What it is, and what it says. */
    private record Thing(String id, String said) {}

    @BeforeAll
    void schemas() {
        database.execute(ControlSchema.ddl());
        database.execute(
                "SELECT changeover.register('things', '{}', false, false, '{}', '{}');"
                        + " UPDATE changeover.repository SET stage = 'SHADOW', backfilled = true;"
                        + " CREATE COLLATION public.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    }

    @AfterAll
    void close() {
        database.close();
    }

    static Stream<Arguments> collationsAndModes() {
        List<String> collations = List.of("pg_catalog.\"C\"", "pg_catalog.\"und-x-icu\"", "public.any_case");
        return collations.stream()
                .flatMap(legacy -> collations.stream().map(next -> List.of(legacy, next)))
                .flatMap(both -> Stream.of(VerificationMode.JOIN, VerificationMode.CHECKSUM, VerificationMode.JAVA)
                        .map(mode -> Arguments.of(both.get(0), both.get(1), mode)));
    }

    private void equalSides(String legacy, String next) {
        database.execute("DROP SCHEMA IF EXISTS old CASCADE; DROP SCHEMA IF EXISTS fresh CASCADE;"
                + " CREATE SCHEMA old; CREATE SCHEMA fresh;"
                + " CREATE TABLE old.thing (id text COLLATE " + legacy + " PRIMARY KEY, said text);"
                + " CREATE TABLE fresh.thing (id text COLLATE " + next + " PRIMARY KEY, said text)");
        database.execute(KEYS);
    }

    private Verification.Builder<String, Thing> verification() {
        return Verification.of(
                        pool,
                        ComparedRepository.of("things", KeyType.TEXT, Thing.class, Thing::id)
                                .legacy(store("old"))
                                .next(store("fresh"))
                                .compare(RecordComparison.of(Thing.class).build())
                                .build())
                .rangeSize(4)
                .recheck(1, Duration.ofMillis(1));
    }

    private static EntityStore<String, Thing> store(String schema) {
        return JdbcStore.table(schema, "thing", KeyType.TEXT, "id")
                .columns("said")
                .projection(p -> p.yields("id", "r.id").yields("said", "r.said").takes("said", "s.said"))
                .entity(
                        Thing::id,
                        row -> new Thing(row.text("id"), row.text("said")),
                        (thing, row) -> row.set("said", thing.said()));
    }

    private static List<String> keys(VerificationResult<String> result) {
        assertThat(result.errors()).isEmpty();
        return result.divergences().stream().map(KeyDivergence::key).toList();
    }

    @ParameterizedTest
    @MethodSource("collationsAndModes")
    void whatDiffersIsFoundWithItsKeyAndNothingElse(String legacy, String next, VerificationMode mode) {
        equalSides(legacy, next);
        VerificationResult<String> equal = verification().mode(mode).build().run();
        assertThat(keys(equal)).isEmpty();
        assertThat(equal.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(equal.counts().equal()).isEqualTo(39);

        database.execute(DAMAGE);

        VerificationResult<String> damaged = verification().mode(mode).build().run();
        assertThat(keys(damaged)).containsExactlyInAnyOrder(DAMAGED);
        assertThat(damaged.counts().different()).isEqualTo(3);
        assertThat(damaged.counts().missing()).isEqualTo(2);
        assertThat(damaged.counts().extra()).isEqualTo(3);
        VerificationResult<String> changed = verification()
                .changedSince(Objects.requireNonNull(equal.id()))
                .build()
                .run();
        assertThat(keys(changed)).containsExactlyInAnyOrder(DAMAGED);
        assertThat(changed.counts().compared()).isEqualTo(DAMAGED.length);
    }
}
