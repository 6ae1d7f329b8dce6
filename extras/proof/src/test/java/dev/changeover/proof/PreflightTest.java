package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Stage;
import dev.changeover.core.UnmappableRowException;
import dev.changeover.core.backfill.Finding;
import dev.changeover.core.backfill.Finding.Severity;
import dev.changeover.core.backfill.Preflight;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A preflight finds what a backfill would meet, with the keys, and leaves everything as it is. */
class PreflightTest {

    private static final String ROWS =
            "INSERT INTO old.account SELECT i, 'user' || i, i FROM generate_series(1, 1000) i;";

    private static Preflight preflight(Scene scene) {
        return scene.bank().changeover.backfill(Bank.NAME).preflight();
    }

    private static Finding only(Preflight preflight, Severity severity) {
        List<Finding> found = preflight.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .toList();
        assertThat(found).as("%s", preflight.lines()).hasSize(1);
        return found.get(0);
    }

    @Test
    void whatIsCleanIsSaidToBe() {
        try (Scene scene = Scene.bare(ROWS)) {
            scene.bank(Bank.Parts.DEFAULTS);
            Preflight preflight = preflight(scene);
            assertThat(preflight.findings()).isEmpty();
            assertThat(preflight.clean()).isTrue();
            assertThat(preflight.walked()).isEqualTo(1_000);
            assertThat(preflight.rows()).isEqualTo(1_000);
            Preflight part = scene.bank().changeover.backfill(Bank.NAME).preflight(300, walked -> {});
            assertThat(part.walked()).isEqualTo(300);
            assertThat(part.clean()).as("not all were tried").isFalse();
        }
    }

    /** Two users with the same local part, far apart: no chunk has both. */
    @Test
    @Guarantee("G9")
    void duplicatesThatNeverMeetInAChunkAreFoundWithTheirKeys() {
        try (Scene scene = Scene.bare(ROWS + "UPDATE old.account SET name = 'user7' WHERE id = 900;"
                + "CREATE UNIQUE INDEX one_label ON fresh.account (lower(label)) WHERE state = 'open';"
                + "UPDATE old.account SET name = 'user8', state = 'gone' WHERE id = 901")) {
            scene.bank(Bank.Parts.DEFAULTS);
            Finding found = only(preflight(scene), Severity.FAIL);
            assertThat(found.what()).isEqualTo("duplicates (\"fresh\".\"account\": one_label)");
            assertThat(found.keys()).containsExactly("7", "900");
            assertThat(found.count()).isEqualTo(2);
            assertThat(found.toString()).startsWith("FAIL duplicates").doesNotContain("user7");
        }
    }

    @Test
    void eachRowThatNewRefusesIsFoundByItsReason() {
        try (Scene scene = Scene.bare(ROWS + "CREATE TABLE fresh.parent (name text PRIMARY KEY);"
                + "INSERT INTO fresh.parent SELECT name FROM old.account WHERE id <> 4;"
                + "ALTER TABLE fresh.account ADD FOREIGN KEY (label) REFERENCES fresh.parent DEFERRABLE INITIALLY DEFERRED;"
                + "ALTER TABLE fresh.account ALTER state TYPE varchar(6);"
                + "ALTER TABLE fresh.account ADD CONSTRAINT sane CHECK (balance <> 2);"
                + "UPDATE old.account SET state = 'far too long' WHERE id IN (5, 700)")) {
            scene.bank(Bank.Parts.DEFAULTS);
            Preflight preflight = preflight(scene);
            assertThat(preflight.lines())
                    .anySatisfy(line -> assertThat(line).contains("too long for its column", ": 2, first 5, 700"))
                    .anySatisfy(line -> assertThat(line).contains("refused by a check", "sane", ": 1, first 2"))
                    .anySatisfy(line ->
                            assertThat(line).contains("foreign keys without a parent", ": 1, first 4", "parents first"))
                    .anySatisfy(line -> assertThat(line).startsWith("WARN foreign keys without an index"))
                    .anySatisfy(line -> assertThat(line).startsWith("INFO deferrable constraints"))
                    .hasSize(5);
            assertThat(preflight.findings().get(0).severity()).isEqualTo(Severity.FAIL);
        }
    }

    @Test
    void aRowThatCannotBeMappedIsFoundByItsColumn() {
        try (Scene scene = Scene.bare(ROWS)) {
            scene.bank(Bank.Parts.DEFAULTS.withLegacyStore(NoSevens::new));
            Finding found = only(preflight(scene), Severity.FAIL);
            assertThat(found.what()).isEqualTo("rows that cannot be mapped, by old.account.state");
            assertThat(found.keys()).containsExactly("7", "777");
        }
    }

    /** Has no image for two rows. */
    private static final class NoSevens extends ProbedStore {

        NoSevens(EntityStore<Long, Account> store) {
            super(store, new Probe());
        }

        @Override
        public Map<Long, Account> find(Connection connection, Collection<Long> keys) throws SQLException {
            for (long key : new long[] {7, 777}) {
                if (keys.contains(key)) {
                    throw new UnmappableRowException("old.account", "state", Long.toString(key), "no such state");
                }
            }
            return super.find(connection, keys);
        }
    }

    @Test
    void grantsSequencesAndAMissingKeyAreFound() {
        try (Scene scene = Scene.bare(ROWS + "ALTER TABLE fresh.account DROP CONSTRAINT account_pkey;"
                + "CREATE SEQUENCE fresh.ids; ALTER TABLE fresh.account ALTER id SET DEFAULT nextval('fresh.ids')")) {
            scene.bank(Bank.Parts.DEFAULTS);
            assertThat(preflight(scene).lines())
                    .anySatisfy(line -> assertThat(line).startsWith("FAIL tables without a unique index on the key"))
                    .anySatisfy(line ->
                            assertThat(line).startsWith("WARN sequences behind the keys of legacy (fresh.ids)"));
        }
    }

    @Test
    @Guarantee("G9")
    void rowsAndSequencesStayAsTheyAreInEveryStage() {
        try (Scene scene = Scene.bare(ROWS + "ALTER TABLE fresh.account ADD no bigserial")) {
            scene.bank(Bank.Parts.DEFAULTS);
            for (Stage stage : new Stage[] {Stage.LEGACY_ONLY, Stage.DUAL_WRITE}) {
                scene.to(stage);
                String before = everything(scene);
                assertThat(only(preflight(scene), Severity.WARN).what()).contains("fresh.account_no_seq");
                scene.sql("ALTER TABLE fresh.account ALTER no DROP DEFAULT, ALTER no DROP NOT NULL");
                assertThat(preflight(scene).clean()).isTrue();
                scene.sql("ALTER TABLE fresh.account ALTER no SET DEFAULT nextval('fresh.account_no_seq')");
                assertThat(everything(scene)).isEqualTo(before);
            }
        }
    }

    private static String everything(Scene scene) {
        return scene.database.queryString(
                "SELECT concat_ws(' ', (SELECT count(*) FROM fresh.account),"
                        + " (SELECT count(*) FROM old.account), (SELECT count(*) FROM changeover.mark),"
                        + " (SELECT count(*) FROM changeover.attempt), (SELECT count(*) FROM changeover.checkpoint),"
                        + " (SELECT count(*) FROM changeover.key_range), (SELECT concat(last_value, is_called) FROM fresh.account_no_seq))");
    }
}
