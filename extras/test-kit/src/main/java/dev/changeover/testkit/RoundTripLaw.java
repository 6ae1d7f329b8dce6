package dev.changeover.testkit;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.testkit.TransitionContract.Stores;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** What both mappings must do with each sample and with each row that is in legacy as it is. */
final class RoundTripLaw<K, V> {

    private static final int NAME_LENGTH = 100;
    private static final int MOST_KEYS = 1000;

    private final TransitionContract<?, K, V> contract;
    private final ContractDatabase database;
    private final Stores<K, V> stores;

    RoundTripLaw(TransitionContract<?, K, V> contract) {
        this.contract = contract;
        this.database = new ContractDatabase(contract);
        this.stores = contract.stores();
    }

    Stream<DynamicNode> nodes() {
        List<V> samples = contract.samples().toList();
        if (samples.isEmpty()) {
            throw new IllegalStateException(contract.getClass().getName() + " has no samples()");
        }
        return Stream.concat(
                samples.stream().map(this::laws),
                contract.legacyRows().map(sql -> test("legacy as it is: " + sql, () -> legacyStays(sql))));
    }

    private DynamicNode laws(V sample) {
        return DynamicContainer.dynamicContainer(
                shortened(sample.toString()),
                Stream.of(
                        test("goes to new and back", () -> goesToNewAndBack(sample)),
                        test("a second write to legacy changes no row", () -> isIdempotent(Side.LEGACY, sample)),
                        test("a second write to new changes no row", () -> isIdempotent(Side.NEW, sample)),
                        test("makes the same rows in legacy each time", () -> isDeterministic(Side.LEGACY, sample)),
                        test("makes the same rows in new each time", () -> isDeterministic(Side.NEW, sample)),
                        test("is absent in legacy once removed", () -> isAbsentOnceRemoved(Side.LEGACY, sample)),
                        test("is absent in new once removed", () -> isAbsentOnceRemoved(Side.NEW, sample))));
    }

    private DynamicTest test(String name, Executable law) {
        return DynamicTest.dynamicTest(shortened(name), () -> {
            database.inTransaction(connection -> {
                ContractDatabase.execute(connection, "DROP SCHEMA IF EXISTS changeover CASCADE"); // and sentinels
                return true;
            });
            database.empty();
            law.execute();
        });
    }

    private static String shortened(String text) {
        return text.length() <= NAME_LENGTH ? text : text.substring(0, NAME_LENGTH) + "..";
    }

    private void goesToNewAndBack(V sample) throws SQLException {
        upsert(Side.LEGACY, List.of(sample));
        V kept = find(Side.LEGACY, contract.key(sample));
        mustBeEqual(
                "Legacy does not keep what is written to it. Name what it cannot hold in lossyInLegacy()",
                sample,
                kept,
                path -> !isLossy(path));
        mustGoToNewAndBack(List.of(contract.key(sample)));
    }

    private void legacyStays(String sql) throws SQLException {
        database.inTransaction(connection -> {
            ContractDatabase.execute(connection, sql);
            return true;
        });
        List<K> keys = database.inTransaction(connection -> stores.legacy().keysAfter(connection, null, MOST_KEYS));
        if (keys.isEmpty()) {
            throw new AssertionError("The statement makes no entity in legacy");
        }
        mustGoToNewAndBack(keys);
    }

    private void mustGoToNewAndBack(Collection<K> keys) throws SQLException {
        SideRows before = rows(Side.LEGACY);
        Map<K, V> kept = find(Side.LEGACY, keys);
        upsert(Side.NEW, kept.values());
        Map<K, V> copied = find(Side.NEW, keys);
        for (K key : keys) {
            mustBeEqual(
                    "Key " + key + " is not in new what it is in legacy", kept.get(key), copied.get(key), path -> true);
        }
        upsert(Side.LEGACY, copied.values());
        before.mustEqual(rows(Side.LEGACY), "Written back from new, legacy is not what it was");
    }

    private boolean isLossy(String path) {
        return contract.lossyInLegacy().stream()
                .anyMatch(lossy -> path.equals(lossy) || path.startsWith(lossy + ".") || path.startsWith(lossy + "["));
    }

    private void mustBeEqual(String what, @Nullable V expected, @Nullable V found, Predicate<String> counts) {
        List<Difference> differences = contract.comparison().differences(expected, found).stream()
                .filter(difference -> counts.test(difference.path()))
                .toList();
        if (!differences.isEmpty()) {
            throw new AssertionError(
                    what + ": " + BothSides.paths(differences) + "\n  before: " + expected + "\n  now:    " + found);
        }
    }

    private void isIdempotent(Side side, V sample) throws SQLException {
        upsert(side, List.of(sample));
        SideRows before = rows(side);
        upsert(side, List.of(sample));
        before.mustEqual(rows(side), "Written twice, the entity makes other rows in " + side);
    }

    /** The clock has moved on between the two, and sequences too. */
    private void isDeterministic(Side side, V sample) throws SQLException {
        upsert(side, List.of(sample));
        SideRows before = rows(side);
        database.empty();
        upsert(side, List.of(sample));
        before.mustEqual(
                rows(side),
                "Written again, the same entity makes other rows in " + side
                        + ". A mapping is a pure function; name columns that the database fills in generatedColumns()");
        database.empty();
        database.inTransaction(connection -> store(side).insertMissing(connection, List.of(sample)));
        before.mustEqual(rows(side), "insertMissing makes other rows in " + side + " than upsert");
    }

    private void isAbsentOnceRemoved(Side side, V sample) throws SQLException {
        K key = contract.key(sample);
        upsert(side, List.of(sample));
        remove(side, key);
        List<String> where = new ArrayList<>();
        if (find(side, key) != null) {
            where.add("find");
        }
        if (database.inTransaction(connection -> store(side).keysAfter(connection, null, MOST_KEYS))
                .contains(key)) {
            where.add("keysAfter");
        }
        if (!where.isEmpty()) {
            throw new AssertionError("Key " + key + " was removed from " + side + ", and is still returned by "
                    + String.join(" and ", where));
        }
        remove(side, key); // what is not there is ignored
    }

    private EntityStore<K, V> store(Side side) {
        return side == Side.LEGACY ? stores.legacy() : stores.next();
    }

    private SideRows rows(Side side) throws SQLException {
        return database.inTransaction(
                connection -> SideRows.of(connection, store(side).tables(), contract.generatedColumns()));
    }

    private void upsert(Side side, Collection<V> entities) throws SQLException {
        database.inTransaction(connection -> {
            store(side).upsert(connection, entities);
            return true;
        });
    }

    private void remove(Side side, K key) throws SQLException {
        database.inTransaction(connection -> {
            store(side).remove(connection, List.of(key));
            return true;
        });
    }

    private @Nullable V find(Side side, K key) throws SQLException {
        return find(side, List.of(key)).get(key);
    }

    private Map<K, V> find(Side side, Collection<K> keys) throws SQLException {
        return database.inTransaction(connection -> store(side).find(connection, keys));
    }
}
