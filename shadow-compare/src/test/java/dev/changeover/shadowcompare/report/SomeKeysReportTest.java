package dev.changeover.shadowcompare.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import org.junit.jupiter.api.Test;

/** A verification of some keys does not hide what one of all keys has found. */
@PostgresTest
class SomeKeysReportTest {

    private static final String ATTENTION = "the last verification ended with DIVERGED";

    private static void verified(PostgresDatabase db, String verdict, String ofRun) {
        db.execute("INSERT INTO changeover.verification (repository, epoch, verdict, of_run) VALUES ('users', 1, '"
                + verdict + "', " + ofRun + ")");
    }

    private static Formats report(PostgresDatabase db, String name) throws Exception {
        return new Formats(name, TransitionReport.read(db.dataSource()));
    }

    @Test
    void whatDiffersStaysAMatterOfAttentionUntilEverythingMatches(PostgresDatabase db) throws Exception {
        new Told(db);
        db.execute("SELECT changeover.register('users', '{}', false, false, '{}', '{}')");
        verified(db, "DIVERGED", "NULL");
        verified(db, "MATCH", "1");

        Formats some = report(db, "some-keys");
        assertThat(some.json.at("/repositories/0/attention").toString()).contains(ATTENTION);
        assertThat(some.json
                        .at("/repositories/0/copies/verifications/0/telling")
                        .asBoolean())
                .isFalse();
        assertThat(some.markdown).contains("MATCH of some keys");

        verified(db, "MATCH", "NULL");
        Formats all = report(db, "all-keys");
        assertThat(all.json.at("/repositories/0/attention").toString()).doesNotContain(ATTENTION);
    }
}
