package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Stage;
import dev.changeover.testkit.PostgresTest;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows come after the rows to which they refer, across repositories. */
@PostgresTest
class BackfillOrderTest {

    @Test
    void aChildIsNotBackfilledBeforeItsParents() {
        try (Garage garage = filled()) {
            assertThatThrownBy(() -> garage.changeover.backfill("cars").run(progress -> {}))
                    .isInstanceOf(ChangeoverException.class)
                    .hasMessageContaining("cars: its rows refer to rows of owners")
                    .hasMessageContaining("Backfill owners first");
            assertThat(garage.marks()).isEmpty();

            garage.changeover.backfill("owners").run(progress -> {});
            garage.changeover.backfill("cars").run(progress -> {});
            assertThat(garage.differences()).isEmpty();
        }
    }

    @Test
    void allAreBackfilledInTheirOrder() {
        try (Garage garage = filled()) {
            Set<String> told = new LinkedHashSet<>();
            assertThat(garage.changeover.backfillAll(progress -> told.add(progress.repository())))
                    .extracting(BackfillProgress::repository)
                    .containsExactly("owners", "cars");
            assertThat(told).containsExactly("owners", "cars");
            assertThat(garage.differences()).isEmpty();
            assertThat(garage.marks()).isEmpty();

            assertThat(garage.changeover.backfillAll(progress -> {})).isEmpty();
        }
    }

    /** What refers to each other can only be inserted with constraints that wait, and then in any order. */
    @Test
    void ofRepositoriesThatReferToEachOtherAnyMayBeFirst() {
        try (Garage garage = filled()) {
            garage.psql("ALTER TABLE fresh.car DROP CONSTRAINT car_owner_fkey;"
                    + " UPDATE changeover.repository SET depends_on = '{cars}' WHERE name = 'owners'");
            garage.changeover.backfill("cars").run(progress -> {});
            garage.changeover.backfill("owners").run(progress -> {});
            assertThat(garage.differences()).isEmpty();
        }
    }

    /** Both sides read the same rows of it: there is nothing to wait for. */
    @Test
    void aParentInSharedTablesIsThereAlready() {
        try (Garage garage = filled()) {
            garage.psql("ALTER TABLE fresh.car DROP CONSTRAINT car_owner_fkey;"
                    + " UPDATE changeover.repository SET shared = true WHERE name = 'owners'");
            assertThat(garage.changeover.backfill("cars").run(progress -> {}).rows())
                    .isEqualTo(900);
        }
    }

    private static Garage filled() {
        Garage garage = Garage.open();
        garage.psql("INSERT INTO old.owner (id, name) SELECT i, 'owner' FROM generate_series(1, 700) i;"
                + " INSERT INTO old.phone SELECT i, 1, '0' FROM generate_series(1, 700) i;"
                + " INSERT INTO old.car SELECT i, 1 + i % 700, 'plate' FROM generate_series(1, 900) i");
        return garage.to(Stage.DUAL_WRITE);
    }
}
