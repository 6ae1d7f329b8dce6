package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.UnmappableRowException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EntityStore} must do, on a real PostgreSQL. A test of an implementation extends this class, creates
 * {@link #SCHEMA} in its database and returns stores over those tables.
 */
public abstract class EntityStoreContract {

    /** The tables of the contract; the columns {@code own_note} belong to the tables' side alone. */
    public static final String SCHEMA = """
            CREATE SCHEMA "Contract";
            CREATE TABLE "Contract".meeting (
                id uuid PRIMARY KEY, "Title" text NOT NULL, code varchar(20) NOT NULL UNIQUE, status text NOT NULL,
                settings jsonb, opened_at timestamptz NOT NULL, own_note text NOT NULL DEFAULT 'untouched',
                deleted_at timestamptz);
            CREATE TABLE "Contract".guest (
                meeting_id uuid NOT NULL REFERENCES "Contract".meeting, position int NOT NULL, email text NOT NULL UNIQUE,
                own_note text NOT NULL DEFAULT 'untouched', PRIMARY KEY (meeting_id, position));
            CREATE TABLE "Contract".note_uuid (id uuid PRIMARY KEY, body text NOT NULL);
            CREATE TABLE "Contract".note_long (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL);
            CREATE TABLE "Contract".note_text (id text PRIMARY KEY, body text NOT NULL);
            """;

    /** The states of a meeting. The text {@code waiting}, too, is mapped to {@code OPEN}, any unknown text to none. */
    public enum Status {
        /** Written as {@code open}. */
        OPEN,
        /** Written as {@code over}. */
        OVER
    }

    /**
     * The entity with children, over the first two tables; {@code status} is a lossy column, and a row with a
     * {@code deleted_at} is absent.
     *
     * @param id the key
     * @param title the column {@code "Title"}
     * @param code the column {@code code}
     * @param status the column {@code status}
     * @param settings a JSON text in the form in which the server writes {@code jsonb}, or null
     * @param openedAt the column {@code opened_at}
     * @param guests the e-mail addresses of the guests by their position
     */
    public record Meeting(
            UUID id,
            String title,
            String code,
            Status status,
            @Nullable String settings,
            Instant openedAt,
            List<String> guests) {}

    /**
     * The entity of the tables {@code note_uuid}, {@code note_long} and {@code note_text}.
     *
     * @param <K> the key
     * @param id the key
     * @param body the column {@code body}
     */
    public record Note<K>(K id, String body) {}

    private static final Instant OPENED = Instant.parse("2024-03-31T01:30:00.123456Z");
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID TWO = new UUID(-1, 2);

    /** Creates the contract; for subclasses. */
    protected EntityStoreContract() {}

    /** Returns the database in which {@link #SCHEMA} was created. */
    protected abstract PostgresDatabase database();

    /** Returns a store of meetings. */
    protected abstract EntityStore<UUID, Meeting> meetings();

    /**
     * Returns a store of notes with keys of this type.
     *
     * @param table the table in the schema {@code Contract}
     */
    protected abstract <K> EntityStore<K, Note<K>> notes(String table, KeyType<K> keyType);

    @BeforeEach
    void emptyTheTables() {
        database()
                .execute("TRUNCATE \"Contract\".meeting, \"Contract\".guest, \"Contract\".note_uuid,"
                        + " \"Contract\".note_long, \"Contract\".note_text");
    }

    @Test
    void whatWasUpsertedIsFoundAgain() throws SQLException {
        Meeting one = meeting(ONE, "One", "a@x", "b@x");
        Meeting two = new Meeting(
                TWO, "quotes ' \" \\ \n \t and \u00e4 \ud83d\ude00", "B", Status.OVER, null, Instant.EPOCH, List.of());

        upsert(one, two);

        assertThat(find(ONE, TWO)).containsExactlyInAnyOrder(one, two);
        assertThat(meetings().tables()).containsExactly("\"Contract\".\"meeting\"", "\"Contract\".\"guest\"");
    }

    @Test
    void absentKeysAreNotInTheResult() throws SQLException {
        upsert(meeting(ONE, "One"));

        assertThat(find(ONE, TWO)).extracting(Meeting::id).containsExactly(ONE);
        assertThat(find()).isEmpty();
    }

    @Test
    void anUpsertOfWhatIsThereChangesNoRow() throws SQLException {
        Meeting one = meeting(ONE, "One", "a@x");
        upsert(one);
        List<@Nullable String> before = versions();

        upsert(one);

        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void anUpsertReplacesTheChildrenAndTouchesOnlyThoseThatDiffer() throws SQLException {
        upsert(meeting(ONE, "One", "a@x", "b@x", "c@x"));
        database().execute("UPDATE \"Contract\".guest SET own_note = 'mine'");

        upsert(meeting(ONE, "One", "a@x", "d@x"));

        assertThat(find(ONE)).containsExactly(meeting(ONE, "One", "a@x", "d@x"));
        assertThat(database().queryStrings("SELECT own_note FROM \"Contract\".guest"))
                .containsOnly("mine");
    }

    @Test
    void aChildMayTakeTheUniqueValueOfAVanishedOne() throws SQLException {
        upsert(meeting(ONE, "One", "a@x", "b@x"));

        upsert(meeting(ONE, "One", "a@x"), meeting(TWO, "Two", "b@x"));

        assertThat(find(TWO)).extracting(Meeting::guests).containsExactly(List.of("b@x"));
    }

    @Test
    void ownColumnsAreNotTouched() throws SQLException {
        upsert(meeting(ONE, "One"));
        database().execute("UPDATE \"Contract\".meeting SET own_note = 'mine'");

        upsert(meeting(ONE, "Another"));

        assertThat(database().queryString("SELECT \"Title\" || own_note FROM \"Contract\".meeting"))
                .isEqualTo("Anothermine");
    }

    @Test
    void aPresentValueThatMeansTheSameStays() throws SQLException {
        upsert(meeting(ONE, "One"));
        database().execute("UPDATE \"Contract\".meeting SET status = 'waiting'");

        upsert(meeting(ONE, "Another"), meeting(TWO, "Two"));
        assertThat(status(ONE)).isEqualTo("waiting");
        assertThat(status(TWO)).isEqualTo("open");

        upsert(new Meeting(ONE, "Another", "One", Status.OVER, null, OPENED, List.of()));
        assertThat(status(ONE)).isEqualTo("over");
    }

    @Test
    void aRowThatCannotBeMappedIsNamedAndCanBeOverwritten() throws SQLException {
        upsert(meeting(ONE, "One"));
        database().execute("UPDATE \"Contract\".meeting SET status = 'secret'");

        assertThatThrownBy(() -> find(ONE)).isInstanceOfSatisfying(UnmappableRowException.class, e -> {
            assertThat(e.table()).isEqualTo("Contract.meeting");
            assertThat(e.column()).isEqualTo("status");
            assertThat(e.key()).isEqualTo(ONE.toString());
            assertThat(e).hasMessageNotContaining("secret").hasNoCause();
        });
        upsert(meeting(ONE, "One"));
        assertThat(status(ONE)).isEqualTo("open");
    }

    @Test
    void insertMissingLeavesExistingRowsAndTheirChildrenAlone() throws SQLException {
        upsert(meeting(ONE, "One", "a@x"));

        Set<UUID> written = call(store -> connection ->
                store.insertMissing(connection, List.of(meeting(ONE, "Other", "b@x"), meeting(TWO, "Two", "c@x"))));

        assertThat(written).containsExactly(TWO);
        assertThat(find(ONE, TWO)).containsExactlyInAnyOrder(meeting(ONE, "One", "a@x"), meeting(TWO, "Two", "c@x"));
    }

    @Test
    void insertMissingDoesNotRevive() throws SQLException {
        upsert(meeting(ONE, "One"));
        remove(ONE);

        Set<UUID> written = call(store -> connection -> store.insertMissing(connection, List.of(meeting(ONE, "One"))));

        assertThat(written).isEmpty();
        assertThat(find(ONE)).isEmpty();
    }

    @Test
    void aRemovedEntityIsAbsentAndComesBackByAnUpsert() throws SQLException {
        Meeting one = meeting(ONE, "One", "a@x");
        upsert(one, meeting(TWO, "Two"));

        remove(ONE, new UUID(9, 9));
        assertThat(find(ONE, TWO)).extracting(Meeting::id).containsExactly(TWO);
        assertThat(keys(meetings(), null, 10)).containsExactly(TWO);

        upsert(one);
        assertThat(find(ONE)).containsExactly(one);
    }

    @Test
    void removalDeletesWhereTheTableHasNoSoftDeletion() throws SQLException {
        EntityStore<Long, Note<Long>> notes = notes("note_long", KeyType.LONG);
        try (Connection connection = database().connection()) {
            notes.upsert(connection, List.of(new Note<>(7L, "seven"), new Note<>(8L, "eight")));
            notes.remove(connection, List.of(7L, 9L));
        }

        assertThat(database().queryStrings("SELECT body FROM \"Contract\".note_long"))
                .containsExactly("eight");
    }

    @Test
    void aConflictOnAnotherUniqueColumnFailsLoudly() throws SQLException {
        upsert(meeting(ONE, "Same"));

        assertThatThrownBy(() -> upsert(meeting(TWO, "Same"))).satisfies(EntityStoreContract::isUniqueViolation);
        assertThatThrownBy(() ->
                        call(store -> connection -> store.insertMissing(connection, List.of(meeting(TWO, "Same")))))
                .satisfies(EntityStoreContract::isUniqueViolation);
    }

    @Test
    void aTextThatIsTooLongFailsLoudlyInsteadOfBeingCut() {
        assertThatThrownBy(() -> upsert(meeting(ONE, "longer than the twenty characters of the column")))
                .satisfies(thrown -> isSqlState("22001", thrown));
    }

    @Test
    void pagesOfKeysCoverAllInTheOrderOfTheKeyType() throws SQLException {
        Random random = new Random(42);
        pages("note_uuid", KeyType.UUID, Stream.generate(() -> new UUID(random.nextLong(), random.nextLong())));
        pages("note_long", KeyType.LONG, Stream.generate(random::nextLong));
        List<String> texts = List.of("", "a", "B", "b", "Z", "\u00e4", "_", "a b", "ab", "\uffe6", "\ud83d\ude00");
        pages("note_text", KeyType.TEXT, texts.stream());
    }

    @Test
    void theEstimateIsOfTheSize() throws SQLException {
        upsert(meeting(ONE, "One"), meeting(TWO, "Two"));

        assertThat(this.<Long>call(store -> store::estimatedCount)).isEqualTo(2);
        database().execute("ANALYZE \"Contract\".meeting");
        assertThat(this.<Long>call(store -> store::estimatedCount)).isEqualTo(2);
    }

    @Test
    void theNumberOfRoundTripsDoesNotDependOnTheNumberOfKeys() throws SQLException {
        List<Meeting> many = IntStream.range(0, 50)
                .mapToObj(i -> meeting(new UUID(i, i), "M" + i, i + "a@x", i + "b@x"))
                .toList();
        try (FaultProxy proxy = FaultProxy.to(database().cluster());
                Connection connection =
                        DriverManager.getConnection(proxy.jdbcUrl(database().name()))) {
            EntityStore<UUID, Meeting> store = meetings();
            List<UUID> ids = many.stream().map(Meeting::id).toList();

            // the present rows are locked first, because a column is lossy
            assertThat(trips(proxy, () -> store.upsert(connection, many))).isEqualTo(2);
            assertThat(trips(proxy, () -> store.find(connection, ids))).isEqualTo(1);
            assertThat(trips(proxy, () -> store.remove(connection, ids))).isEqualTo(1);
            database().execute("TRUNCATE \"Contract\".meeting, \"Contract\".guest");
            assertThat(trips(proxy, () -> store.insertMissing(connection, many)))
                    .isLessThanOrEqualTo(2);
        }
        assertThat(find(new UUID(7, 7))).containsExactly(meeting(new UUID(7, 7), "M7", "7a@x", "7b@x"));
    }

    private static long trips(FaultProxy proxy, SqlAction action) throws SQLException {
        long before = proxy.roundTrips();
        action.run();
        return proxy.roundTrips() - before;
    }

    private <K> void pages(String table, KeyType<K> type, Stream<K> some) throws SQLException {
        List<K> expected = some.limit(30).sorted(type.order()).toList();
        EntityStore<K, Note<K>> store = notes(table, type);
        List<Note<K>> notes =
                expected.stream().map(key -> new Note<>(key, "body")).toList();
        List<K> paged = new ArrayList<>();
        try (Connection connection = database().connection()) {
            store.upsert(connection, notes);
            assertThat(store.find(connection, expected).values()).containsExactlyInAnyOrderElementsOf(notes);
            K last = null;
            for (List<K> page = store.keysAfter(connection, last, 4);
                    !page.isEmpty();
                    page = store.keysAfter(connection, last, 4)) {
                paged.addAll(page);
                last = page.get(page.size() - 1);
            }
        }
        assertThat(paged).isEqualTo(expected);
    }

    private static Meeting meeting(UUID id, String title, String... guests) {
        return new Meeting(id, title, title, Status.OPEN, "{\"a\": [1, null]}", OPENED, List.of(guests));
    }

    private static void isUniqueViolation(Throwable thrown) {
        isSqlState("23505", thrown);
    }

    private static void isSqlState(String state, Throwable thrown) {
        Throwable cause = thrown;
        while (!(cause instanceof SQLException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        assertThat(cause)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }

    private @Nullable String status(UUID id) {
        return database().queryString("SELECT status FROM \"Contract\".meeting WHERE id = '" + id + "'");
    }

    private List<@Nullable String> versions() {
        return database()
                .queryStrings("SELECT xmin::text || ctid::text FROM \"Contract\".meeting"
                        + " UNION ALL SELECT xmin::text || ctid::text FROM \"Contract\".guest");
    }

    private void upsert(Meeting... entities) throws SQLException {
        try (Connection connection = database().connection()) {
            connection.setAutoCommit(false);
            meetings().upsert(connection, List.of(entities));
            connection.commit();
        }
    }

    private List<Meeting> find(UUID... keys) throws SQLException {
        return call(store -> connection -> store.find(connection, List.of(keys)).values().stream()
                .sorted(Comparator.comparing(Meeting::id))
                .toList());
    }

    private void remove(UUID... keys) throws SQLException {
        try (Connection connection = database().connection()) {
            meetings().remove(connection, List.of(keys));
        }
    }

    private <K, V> List<K> keys(EntityStore<K, V> store, @Nullable K after, int limit) throws SQLException {
        try (Connection connection = database().connection()) {
            return store.keysAfter(connection, after, limit);
        }
    }

    private <T> T call(Function<EntityStore<UUID, Meeting>, SqlFunction<T>> use) throws SQLException {
        try (Connection connection = database().connection()) {
            return use.apply(meetings()).apply(connection);
        }
    }

    private interface SqlFunction<T> {
        T apply(Connection connection) throws SQLException;
    }

    private interface SqlAction {
        void run() throws SQLException;
    }
}
