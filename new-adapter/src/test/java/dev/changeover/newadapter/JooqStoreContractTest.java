package dev.changeover.newadapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.testkit.EntityStoreContract;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@PostgresTest
class JooqStoreContractTest extends EntityStoreContract {

    private static final Table<?> MEETING = table(name("Contract", "meeting"));
    private static final Field<UUID> ID = field(name("Contract", "meeting", "id"), SQLDataType.UUID);
    private final Field<String> title = field(name("Contract", "meeting", "Title"), titleType());
    private static final Field<String> CODE = field(name("Contract", "meeting", "code"), SQLDataType.VARCHAR(20));
    private static final Field<String> STATUS = field(name("Contract", "meeting", "status"), SQLDataType.CLOB);
    private static final Field<JSONB> SETTINGS = field(name("Contract", "meeting", "settings"), SQLDataType.JSONB);
    private static final Field<OffsetDateTime> OPENED_AT =
            field(name("Contract", "meeting", "opened_at"), SQLDataType.TIMESTAMPWITHTIMEZONE);
    private static final Field<OffsetDateTime> DELETED_AT =
            field(name("Contract", "meeting", "deleted_at"), SQLDataType.TIMESTAMPWITHTIMEZONE);
    private static final Table<?> GUEST = table(name("Contract", "guest"));
    private static final Field<UUID> MEETING_ID = field(name("Contract", "guest", "meeting_id"), SQLDataType.UUID);
    private static final Field<Integer> POSITION = field(name("Contract", "guest", "position"), SQLDataType.INTEGER);
    private static final Field<String> EMAIL = field(name("Contract", "guest", "email"), SQLDataType.CLOB);

    private static PostgresDatabase db;

    @BeforeAll
    static void open(PostgresDatabase database) {
        db = database;
        db.execute(SCHEMA);
    }

    /** The type of one of the fields, on which it depends how the rows are sent. */
    DataType<String> titleType() {
        return SQLDataType.CLOB;
    }

    @Override
    protected PostgresDatabase database() {
        return db;
    }

    @Override
    protected EntityStore<UUID, Meeting> meetings() {
        return JooqStore.table(MEETING, ID, KeyType.UUID)
                .fields(title, CODE, STATUS, SETTINGS, OPENED_AT)
                .lossy(STATUS)
                .softDeletedBy(DELETED_AT)
                .children(
                        GUEST,
                        MEETING_ID,
                        guests -> guests.key(MEETING_ID, POSITION).fields(EMAIL))
                .entity(Meeting::id, this::read, this::write);
    }

    /** A lossy field keeps what it has only beside a present row, and a removal may set what no upsert restores. */
    @Test
    void rowsStepAsideOnlyWhereTheUpsertPutsEverythingBack() {
        assertThat(titled(store -> store.softDeletedBy(DELETED_AT)).stepsAside())
                .isTrue();
        assertThat(titled(store -> store).stepsAside()).isFalse();
        assertThat(titled(store -> store.absentWhen(STATUS.eq("GONE"))
                                .removeBySetting(STATUS, inline("GONE"))
                                .reviveBySetting(STATUS, inline("OPEN")))
                        .stepsAside())
                .isFalse();
        assertThat(meetings().stepsAside()).isFalse();
    }

    private EntityStore<UUID, UUID> titled(UnaryOperator<JooqTable<UUID>> removal) {
        return removal.apply(JooqStore.table(MEETING, ID, KeyType.UUID).fields(title))
                .entity(id -> id, row -> row.get(ID), (id, row) -> row.set(title, "title"));
    }

    @Override
    protected <K> EntityStore<K, Note<K>> notes(String table, KeyType<K> keyType) {
        Field<K> id = field(name("Contract", table, "id"), keyType.javaType());
        Field<String> body = field(name("Contract", table, "body"), SQLDataType.CLOB);
        return JooqStore.table(table(name("Contract", table)), id, keyType)
                .fields(body)
                .entity(
                        Note::id,
                        row -> new Note<>(row.get(id), row.get(body)),
                        (note, row) -> row.set(body, note.body()));
    }

    private Meeting read(JooqRow row) {
        Map<String, Status> meanings = Map.of("open", Status.OPEN, "waiting", Status.OPEN, "over", Status.OVER);
        return new Meeting(
                row.get(ID),
                row.get(title),
                row.get(CODE),
                row.get(STATUS, text -> Objects.requireNonNull(meanings.get(text))),
                row.getOrNull(SETTINGS, JSONB::data),
                row.get(OPENED_AT, OffsetDateTime::toInstant),
                row.children(GUEST, guest -> guest.get(EMAIL)));
    }

    private void write(Meeting meeting, JooqRowWriter row) {
        row.set(title, meeting.title());
        row.set(CODE, meeting.code());
        row.set(STATUS, meeting.status().name().toLowerCase(Locale.ROOT));
        row.set(SETTINGS, JSONB.jsonbOrNull(meeting.settings()));
        row.set(OPENED_AT, meeting.openedAt().atOffset(ZoneOffset.UTC));
        for (int i = 0; i < meeting.guests().size(); i++) {
            row.child(GUEST).set(POSITION, i).set(EMAIL, meeting.guests().get(i));
        }
    }
}
