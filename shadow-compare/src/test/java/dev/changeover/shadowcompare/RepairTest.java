package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@PostgresTest
class RepairTest {
    private final PostgresDatabase db;
    private final Items items;

    RepairTest(PostgresDatabase db) {
        this.db = db;
        this.items = new Items(db);
        items.both(Item.of(1), Item.of(2), Item.of(3));
        items.write(items.next, new Item(2, "wrong", null, Item.THEN));
    }

    @Test
    void aPlanListsKeysAndFieldsAndChangesNothing() {
        RepairPlan<Long> plan = Repair.of(items.pool, items.repository()).plan(List.of(1L, 2L));

        assertThat(plan.authority()).isEqualTo(Side.LEGACY);
        assertThat(plan.equal()).containsExactly(1L);
        assertThat(plan.changes()).singleElement().satisfies(change -> {
            assertThat(change.key()).isEqualTo(2L);
            assertThat(change.differences()).extracting(Difference::path).containsExactly("name");
        });
        assertThat(db.queryLong("SELECT count(*) FROM changeover.mark")).isZero();
    }

    @Test
    void aRepairMarksWhatDiffersForTheDrain() {
        Repair<Long, Item> repair = Repair.of(items.pool, items.repository());

        RepairResult<Long> result = repair.run(repair.plan(List.of(1L, 2L, 3L)), "ann", "a test", Duration.ZERO);

        assertThat(result.marked()).containsExactly(2L);
        assertThat(result.done()).isFalse();
        assertThat(db.queryStrings("SELECT key || ' ' || side || ' ' || reason FROM changeover.mark"))
                .containsExactly("2 LEGACY REPAIR");
        assertThat(db.queryString("SELECT name FROM new_item WHERE id = 2")).isEqualTo("wrong");
    }

    @Test
    void aRepairWaitsForTheDrainAndVerifies() {
        Repair<Long, Item> repair = Repair.of(items.pool, items.repository(drainedAtSecondLook(true), items.next));

        RepairResult<Long> result = repair.run(repair.plan(verified()), "ann", "a test", Duration.ofMinutes(1));

        assertThat(result.done()).isTrue();
        assertThat(result.equal()).isOne();
        assertThat(db.queryString("SELECT name FROM new_item WHERE id = 2")).isEqualTo("item 2");
    }

    @Test
    void aKeyThatDiffersAfterTheDrainIsSaidSo() {
        Repair<Long, Item> repair = Repair.of(items.pool, items.repository(drainedAtSecondLook(false), items.next));

        RepairResult<Long> result = repair.run(repair.plan(verified()), "ann", "a test", Duration.ofMinutes(1));

        assertThat(result.done()).isFalse();
        assertThat(result.different()).extracting(KeyDivergence::key).containsExactly(2L);
    }

    @Test
    void aPlanOfAnEarlierStageMarksNothing() {
        Repair<Long, Item> repair = Repair.of(items.pool, items.repository());
        RepairPlan<Long> plan = repair.plan(List.of(2L));
        db.execute("UPDATE changeover.repository SET epoch = epoch + 1");

        assertThatThrownBy(() -> repair.run(plan, "ann", "a test", Duration.ZERO))
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("the copy began at epoch");
        assertThat(db.queryLong("SELECT count(*) FROM changeover.mark")).isZero();
    }

    private VerificationResult<Long> verified() {
        return Verification.of(items.pool, items.repository()).build().run();
    }

    /** Plays the drain: once a mark is there, it is worked off by another session. */
    private ItemStore drainedAtSecondLook(boolean copies) {
        return new ItemStore("legacy_item") {
            @Override
            public Map<Long, Item> find(Connection connection, Collection<Long> keys) throws SQLException {
                Map<Long, Item> found = super.find(connection, keys);
                if (db.queryLong("SELECT count(*) FROM changeover.mark") > 0) {
                    if (copies) {
                        items.write(items.next, found.get(2L));
                    }
                    db.execute("DELETE FROM changeover.mark");
                }
                return found;
            }
        };
    }
}
