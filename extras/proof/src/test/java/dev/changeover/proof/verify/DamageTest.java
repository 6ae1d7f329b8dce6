package dev.changeover.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.shadowcompare.KeyDivergence;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.VerificationMode;
import dev.changeover.shadowcompare.VerificationResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens to a copy is found, in every mode, with the key and the field, and nothing else is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamageTest {

    private static final List<VerificationMode> MODES =
            List.of(VerificationMode.JOIN, VerificationMode.CHECKSUM, VerificationMode.JAVA);

    private final Map<String, UUID> keys = new TreeMap<>();
    private WideTables tables;

    @BeforeAll
    void open() {
        tables = new WideTables();
        Damage.PLACES.forEach((letter, place) -> keys.put(letter, tables.key(place)));
        keys.put("gone", UUID.fromString(tables.database.queryString("SELECT md5('gone')::uuid::text")));
    }

    @AfterAll
    void close() {
        if (tables != null) {
            tables.close();
        }
    }

    @BeforeEach
    void equal() {
        tables.equal();
    }

    @ParameterizedTest
    @EnumSource(VerificationMode.class)
    void whatIsEqualMatches(VerificationMode mode) {
        VerificationResult<UUID> result =
                tables.verification().mode(mode).build().run();

        assertThat(result.errors()).isEmpty();
        assertThat(result.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(result.counts().equal()).isEqualTo(64);
        assertThat(result.forgiven()).isEmpty();
    }

    @Test
    void thereAreFiftyKindsAndMore() {
        assertThat(Damage.all().map(Damage::name).distinct()).hasSizeGreaterThan(80);
    }

    @ParameterizedTest
    @MethodSource("dev.changeover.proof.verify.Damage#all")
    void everyDamageIsFoundInEveryMode(Damage damage) {
        String sql = damage.sql();
        for (Map.Entry<String, UUID> key : keys.entrySet()) {
            sql = sql.replace("{" + key.getKey() + "}", "'" + key.getValue() + "'::uuid");
        }
        tables.database.execute(sql);

        for (VerificationMode mode : MODES) {
            VerificationResult<UUID> result =
                    tables.verification().mode(mode).build().run();

            assertThat(result.errors()).as("%s", mode).isEmpty();
            assertThat(result.verdict()).as("%s", mode).isEqualTo(Verdict.DIVERGED);
            assertThat(found(result)).as("%s", mode).isEqualTo(expected(damage));
            assertThat(result.counts().diverged())
                    .as("%s", mode)
                    .isEqualTo(damage.found().size());
        }
    }

    private Map<UUID, String> expected(Damage damage) {
        Map<UUID, String> expected = new TreeMap<>();
        damage.found()
                .forEach((key, paths) ->
                        expected.put(keys.containsKey(key) ? keys.get(key) : UUID.fromString(key), paths));
        return expected;
    }

    private static Map<UUID, String> found(VerificationResult<UUID> result) {
        Map<UUID, String> found = new TreeMap<>();
        for (KeyDivergence<UUID> each : result.divergences()) {
            TreeSet<String> paths = new TreeSet<>();
            each.differences().forEach(one -> paths.add(one.path().replaceAll("\\[\\d+]", "[*]")));
            found.put(each.key(), String.join(",", paths));
        }
        return found;
    }
}
