package dev.changeover.testkit;

import dev.changeover.core.Changeover;
import dev.changeover.core.EntityStore;
import dev.changeover.core.StateComparison;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What a repository must do before it is moved, on a real PostgreSQL. A team extends this class once for each
 * repository, says how it is wired, and writes its own tests as methods with {@link RepositoryTest}. They are run
 *
 * <ul>
 *   <li>on the legacy repository alone and on the new one alone,
 *   <li>on the routed repository in every stage; where a side follows, the drain is run after each test, and then no
 *       mark may be left and both sides must be equal,
 *   <li>on the routed repository while the side that follows fails, is slow or is locked: the test must see nothing of
 *       it, every key that was not copied must be marked, and once the fault is gone both sides must become equal.
 * </ul>
 *
 * <p>With the {@link #samples()} the round-trip law of the mapping is checked: what goes from legacy to new and back is
 * what it was, down to the text of every column, and the same entity makes the same rows whenever it is written.
 *
 * <p>Each run begins with both sides empty but for {@link #parents}. The database must be the test's own: the tables of
 * both stores are truncated, with the tables that refer to them, and the schema {@code changeover} is dropped. One
 * instance of the class serves a whole factory, so state of a test belongs into its method. Life-cycle methods such as
 * {@code @BeforeEach} are called once for each factory, not for each test.
 *
 * @param <R> what the tests are given: the port, or several ports where a test needs more than one
 * @param <K> the key
 * @param <V> the entity that both stores speak
 */
public abstract class TransitionContract<R, K, V> {

    /** Creates the contract; for subclasses. */
    protected TransitionContract() {}

    /**
     * The two stores of the repository.
     *
     * @param <K> the key
     * @param <V> the entity
     * @param legacy the state of the legacy side
     * @param next the state of the new side
     */
    public record Stores<K, V>(EntityStore<K, V> legacy, EntityStore<K, V> next) {}

    /**
     * A running instance and what it routes.
     *
     * @param <R> what the tests are given
     * @param changeover the instance
     * @param port the routed repository
     * @param repositories the name of the repository under test, and behind it those that are moved together with it
     * @param owner is closed at the end, and closes the instance
     */
    public record Routed<R>(Changeover changeover, R port, List<String> repositories, AutoCloseable owner) {

        /** Names what is routed; the instance closes itself. */
        public static <R> Routed<R> of(Changeover changeover, R port, String... repositories) {
            return new Routed<>(changeover, port, List.of(repositories), changeover);
        }

        /** Returns this with another owner. */
        public Routed<R> ownedBy(AutoCloseable value) {
            return new Routed<>(changeover, port, repositories, value);
        }
    }

    /** Returns the data source of a database of the test's own that has both schemas. */
    protected abstract DataSource dataSource();

    /** Returns the legacy repository as it is without the library. */
    protected abstract R legacy();

    /** Returns the new repository as it is without the library. */
    protected abstract R next();

    /** Returns the stores of both sides. */
    protected abstract Stores<K, V> stores();

    /**
     * Starts an instance and builds the repository as the application does it, with the given stores in the place of its
     * own: some of them fail. Called several times; each instance is closed before the next is started.
     */
    protected abstract Routed<R> route(Stores<K, V> stores);

    /** Returns the key of an entity. */
    protected abstract K key(V entity);

    /**
     * Returns entities for the round-trip law, the same at each call: the ordinary, the empty, the longest and the odd.
     * A random generator is seeded.
     */
    protected abstract Stream<V> samples();

    /** Returns how states are compared; the same rules as in the registration. By default {@code equals}. */
    protected StateComparison<V> comparison() {
        return StateComparison.byEquals();
    }

    /**
     * Names the fields of the samples that legacy cannot hold, by their paths in {@link #comparison()}. A sample may lose
     * these, and no others, when it is written to legacy.
     */
    protected Set<String> lossyInLegacy() {
        return Set.of();
    }

    /**
     * Returns statements that insert legacy rows as they are in production: the old, the odd, those of which several mean
     * the same. Each must survive the way to new and back without the change of a letter.
     */
    protected Stream<String> legacyRows() {
        return Stream.empty();
    }

    /**
     * Names the columns whose values the database itself makes up, such as the time of a write in a column that only one
     * side has. They do not count where rows are compared.
     */
    protected Set<String> generatedColumns() {
        return Set.of();
    }

    /** Puts rows on both sides to which those of the repository refer; the tables of the stores have just been emptied. */
    protected void parents(Connection connection) throws SQLException {}

    /**
     * Is called once for each control schema, while the repository is in LEGACY_ONLY. The place to install sentinels, which
     * methods that are declared with {@code bulk} need.
     */
    protected void prepare(Changeover changeover) {}

    @TestFactory
    final Stream<DynamicNode> everyTestPassesOnEachSideAloneAndInEveryStage() {
        return new StageTests<>(this).nodes();
    }

    @TestFactory
    final Stream<DynamicNode> theMappingKeepsTheRoundTripLaw() {
        return new RoundTripLaw<>(this).nodes();
    }

    @TestFactory
    final Stream<DynamicNode> aFailingFollowerIsNotSeen() {
        return new FaultTests<>(this).nodes();
    }
}
