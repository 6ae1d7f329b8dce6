package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every change keeps what was before and after it, also when the minutes that it was taken from are gone. */
class MoveEffectTest {

    private static void called(Scene scene, int minutesAgo, String side, int calls) {
        scene.sql("INSERT INTO changeover.call VALUES ('accounts', 'find', '" + side
                + "', date_trunc('minute', clock_timestamp()) - interval '" + minutesAgo + " minutes', " + calls
                + ", 1, 10, '{0," + calls + "}')");
    }

    private static void compared(Scene scene, int minutesAgo) {
        scene.sql("INSERT INTO changeover.comparison VALUES ('accounts', 'find', 'READ',"
                + " date_trunc('minute', clock_timestamp()) - interval '" + minutesAgo
                + " minutes', 7, 0, 0, 2, 0, 1)");
    }

    /** As if all changes so far had been made earlier by this. */
    private static void age(Scene scene, String interval) {
        scene.sql("UPDATE changeover.move_effect SET at = at - interval '" + interval + "'");
    }

    private static void measured(Scene scene) {
        scene.sql("SELECT changeover.measure('[]', '[]')");
    }

    /** A value of a change, the first of which is 1. */
    private static String effect(Scene scene, int change, String expression) {
        return scene.database.queryString("SELECT " + expression
                + " FROM changeover.move_effect ORDER BY history OFFSET " + (change - 1) + " LIMIT 1");
    }

    @Test
    void aMoveKeepsBothSidesAndTheComparisonsBeforeAndAfterIt() {
        try (Scene scene = Scene.open()) {
            called(scene, 3, "LEGACY", 100);
            called(scene, 5, "LEGACY", 50);
            called(scene, 5, "NEW", 8);
            called(scene, 40, "NEW", 1000);
            compared(scene, 5);
            scene.to(Stage.DUAL_WRITE);
            assertThat(effect(scene, 1, "before #>> '{LEGACY,calls}'")).isEqualTo("150");
            assertThat(effect(scene, 1, "before #>> '{LEGACY,failures}'")).isEqualTo("2");
            assertThat(effect(scene, 1, "before #>> '{NEW,calls}'")).isEqualTo("8");
            assertThat(Double.parseDouble(effect(scene, 1, "before #>> '{NEW,p95}'")))
                    .isBetween(0.016, 0.021);
            assertThat(effect(scene, 1, "before ->> 'COMPARED'")).contains("\"matched\": 7", "\"diverged\": 2");
            measured(scene);
            assertThat(effect(scene, 1, "after::text")).isNull();

            age(scene, "20 minutes");
            measured(scene);
            assertThat(effect(scene, 1, "after #>> '{LEGACY,calls}'")).isNull();
            assertThat(effect(scene, 1, "(until - at)::text")).isEqualTo("00:15:00");
        }
    }

    @Test
    void ofTwoMovesShortlyAfterEachOtherNeitherHasWhatIsTheOthers() {
        try (Scene scene = Scene.open().to(Stage.DUAL_WRITE)) {
            age(scene, "10 minutes");
            called(scene, 12, "LEGACY", 7);
            called(scene, 8, "LEGACY", 10);
            scene.to(Stage.SHADOW);
            assertThat(effect(scene, 2, "before #>> '{LEGACY,calls}'")).isEqualTo("10");
            measured(scene);
            assertThat(effect(scene, 1, "after::text"))
                    .as("the other was made just now")
                    .isNull();

            age(scene, "1 minute");
            measured(scene);
            assertThat(effect(scene, 1, "after #>> '{LEGACY,calls}'")).isEqualTo("10");
            assertThat(effect(scene, 2, "after::text")).isNull();
            age(scene, "20 minutes");
            measured(scene);
            assertThat(effect(scene, 1, "after #>> '{LEGACY,calls}'"))
                    .as("once and for all")
                    .isEqualTo("10");
            assertThat(effect(scene, 2, "after #>> '{LEGACY,calls}'")).isEqualTo("17");
        }
    }

    @Test
    void nothingIsSaidWhereNothingWasMeasured() {
        try (Scene scene = Scene.open().to(Stage.RAMP)) {
            scene.bank().percent(25);
            age(scene, "20 minutes");
            measured(scene);
            assertThat(scene.database.queryStrings(
                            "SELECT DISTINCT before::text || ' ' || after::text FROM changeover.move_effect"))
                    .containsExactly("{} {}");
            assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.move_effect"))
                    .isEqualTo(scene.database.queryLong(
                            "SELECT count(*) FROM changeover.history WHERE action IN ('MOVE', 'PERCENT')"))
                    .isEqualTo(4);
        }
    }

    @Test
    void severalInstancesKeepItOnceAndItStaysWhenTheMinutesAreHours() throws Exception {
        try (Scene scene = Scene.open().to(Stage.DUAL_WRITE)) {
            age(scene, "200 minutes");
            called(scene, 195, "LEGACY", 10);
            Callable<Void> instance = () -> {
                for (int i = 0; i < 20; i++) {
                    scene.sql("SELECT changeover.measure('[]', '[]'), changeover.fold_measurements('0', '90 days')");
                }
                return null;
            };
            ExecutorService threads = Executors.newFixedThreadPool(6);
            for (Future<Void> done : threads.invokeAll(
                    IntStream.range(0, 6).mapToObj(i -> instance).toList())) {
                done.get();
            }
            threads.shutdown();
            assertThat(effect(scene, 1, "after #>> '{LEGACY,calls}'")).isEqualTo("10");
            scene.sql("SELECT changeover.fold_measurements('0', '1 second')");
            assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.call"))
                    .isZero();
            assertThat(effect(scene, 1, "after #>> '{LEGACY,calls}'")).isEqualTo("10");
        }
    }

    @Test
    void minutesThatAMoveStillNeedsAreNotFolded() {
        try (Scene scene = Scene.open().to(Stage.DUAL_WRITE)) {
            age(scene, "14 minutes");
            scene.sql("INSERT INTO changeover.call SELECT 'accounts', 'find', 'LEGACY', date_trunc('minute',"
                    + " clock_timestamp()) - n * interval '1 minute', 1, 0, 1, '{1}' FROM generate_series(1, 12) n");
            scene.sql("SELECT changeover.fold_measurements('-2 hours', '90 days')");
            assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.call"))
                    .isEqualTo(12);
            age(scene, "10 minutes");
            scene.sql("SELECT changeover.fold_measurements('-2 hours', '90 days')");
            assertThat(effect(scene, 1, "after #>> '{LEGACY,calls}'")).isNotNull();
            assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.call"))
                    .isLessThan(4);
        }
    }

    @Test
    void noMoveFailsForWantOfIt() {
        try (Scene scene = Scene.open()) {
            scene.sql("ALTER FUNCTION changeover.measured(text, timestamptz, timestamptz) RENAME TO away");
            scene.to(Stage.DUAL_WRITE);
            assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.move_effect"))
                    .isZero();
            assertThat(scene.bank().changeover.stages().of(Bank.NAME).stage()).isEqualTo(Stage.DUAL_WRITE);
        }
    }
}
