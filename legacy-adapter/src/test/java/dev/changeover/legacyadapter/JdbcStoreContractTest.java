package dev.changeover.legacyadapter;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.testkit.EntityStoreContract;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

@PostgresTest
class JdbcStoreContractTest extends EntityStoreContract {

    private static PostgresDatabase db;

    @BeforeAll
    static void open(PostgresDatabase database) {
        db = database;
        db.execute(SCHEMA);
    }

    @Override
    protected PostgresDatabase database() {
        return db;
    }

    @Override
    protected EntityStore<UUID, Meeting> meetings() {
        return JdbcStore.table("Contract", "meeting", KeyType.UUID, "id")
                .columns("Title", "code", "status", "settings", "opened_at")
                .lossy("status")
                .own("own_note")
                .softDeletedBy("deleted_at")
                .children(
                        "Contract",
                        "guest",
                        guests -> guests.parent("meeting_id")
                                .key("meeting_id", "position")
                                .columns("email")
                                .own("own_note"))
                .entity(Meeting::id, JdbcStoreContractTest::read, JdbcStoreContractTest::write);
    }

    @Override
    protected <K> EntityStore<K, Note<K>> notes(String table, KeyType<K> keyType) {
        return JdbcStore.table("Contract", table, keyType, "id")
                .columns("body")
                .entity(
                        Note::id,
                        row -> new Note<>(row.value("id", keyType::decode), row.text("body")),
                        (note, row) -> row.set("body", note.body()));
    }

    private static Meeting read(Row row) {
        return new Meeting(
                row.uuid("id"),
                row.text("Title"),
                row.text("code"),
                row.oneOf("status", Map.of("open", Status.OPEN, "waiting", Status.OPEN, "over", Status.OVER)),
                row.jsonOrNull("settings"),
                row.instant("opened_at"),
                row.children("guest", guest -> guest.text("email")));
    }

    private static void write(Meeting meeting, RowWriter row) {
        row.set("Title", meeting.title());
        row.set("code", meeting.code());
        row.set("status", meeting.status().name().toLowerCase(Locale.ROOT));
        row.json("settings", meeting.settings());
        row.set("opened_at", meeting.openedAt());
        for (int i = 0; i < meeting.guests().size(); i++) {
            row.child("guest").set("position", i).set("email", meeting.guests().get(i));
        }
    }
}
