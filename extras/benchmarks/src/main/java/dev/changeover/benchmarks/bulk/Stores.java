package dev.changeover.benchmarks.bulk;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.projection.Projection;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTable;
import dev.changeover.newadapter.JooqRow;
import dev.changeover.newadapter.JooqRowWriter;
import dev.changeover.newadapter.JooqStore;
import dev.changeover.newadapter.JooqTable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;

/** The mapping in Java, and on request in SQL, too. */
final class Stores {

    private static final Field<UUID> ID = of("id", SQLDataType.UUID);
    private static final Field<UUID> OWNER = of("owner_id", SQLDataType.UUID);
    private static final Field<String> CODE = of("room_code", SQLDataType.VARCHAR);
    private static final Field<String> TITLE = of("title", SQLDataType.VARCHAR);
    private static final Field<String> STATUS = of("status", SQLDataType.VARCHAR);
    private static final Field<Integer> SEATS = of("max_participants", SQLDataType.INTEGER);
    private static final Field<Instant> STARTED = of("started_at", SQLDataType.INSTANT);
    private static final Field<Instant> ENDED = of("ended_at", SQLDataType.INSTANT);
    private static final Field<Long> SECONDS = of("duration_seconds", SQLDataType.BIGINT);
    private static final Field<Instant> CREATED = of("created_at", SQLDataType.INSTANT);
    private static final Field<Instant> UPDATED = of("updated_at", SQLDataType.INSTANT);

    private Stores() {}

    static EntityStore<UUID, Meeting> legacy(boolean projected) {
        JdbcTable<UUID> meetings = JdbcStore.table("bulk_old", "meetings", KeyType.UUID, "id")
                .columns("title", "room_code", "host_id", "status", "max_participants")
                .columns("started_at", "ended_at", "created_at", "updated_at");
        return (projected ? meetings.projection(Stores::legacyInSql) : meetings)
                .entity(
                        Meeting::id,
                        row -> meeting(
                                row.uuid("id"),
                                row.uuid("host_id"),
                                row.text("room_code"),
                                row.text("title"),
                                status(row.text("status")),
                                row.intValue("max_participants"),
                                row.instantOrNull("started_at"),
                                row.instantOrNull("ended_at"),
                                row.instant("created_at"),
                                row.instant("updated_at")),
                        (meeting, row) -> row.set("title", meeting.title())
                                .set("room_code", meeting.code())
                                .set("host_id", meeting.host())
                                .set("status", word(meeting.status()))
                                .set("max_participants", meeting.seats())
                                .set("started_at", meeting.startedAt())
                                .set("ended_at", meeting.endedAt())
                                .set("created_at", meeting.createdAt())
                                .set("updated_at", meeting.updatedAt()));
    }

    static EntityStore<UUID, Meeting> next(boolean projected) {
        JooqTable<UUID> rooms = JooqStore.table(table(name("bulk_new", "rooms")), ID, KeyType.UUID)
                .fields(OWNER, CODE, TITLE, STATUS, SEATS, STARTED, ENDED, SECONDS, CREATED, UPDATED);
        return (projected ? rooms.projection(Stores::nextInSql) : rooms)
                .entity(Meeting::id, Stores::read, Stores::write);
    }

    private static <T> Field<T> of(String column, DataType<T> type) {
        return field(name("bulk_new", "rooms", column), type);
    }

    private static Meeting meeting(
            UUID id,
            UUID host,
            String code,
            String title,
            String status,
            int seats,
            Instant startedAt,
            Instant endedAt,
            Instant createdAt,
            Instant updatedAt) {
        Long seconds = startedAt == null || endedAt == null
                ? null
                : Duration.between(startedAt, endedAt).toSeconds();
        return new Meeting(id, host, code, title, status, seats, startedAt, endedAt, seconds, createdAt, updatedAt);
    }

    private static String status(String word) {
        return switch (word) {
            case "active" -> "LIVE";
            case "closed" -> "ENDED";
            default -> "CREATED";
        };
    }

    private static String word(String status) {
        return switch (status) {
            case "LIVE" -> "active";
            case "ENDED" -> "closed";
            default -> "waiting";
        };
    }

    private static Meeting read(JooqRow row) {
        return new Meeting(
                row.get(ID),
                row.get(OWNER),
                row.get(CODE),
                row.get(TITLE),
                row.get(STATUS),
                row.get(SEATS),
                row.getOrNull(STARTED),
                row.getOrNull(ENDED),
                row.getOrNull(SECONDS),
                row.get(CREATED),
                row.get(UPDATED));
    }

    private static void write(Meeting meeting, JooqRowWriter row) {
        row.set(OWNER, meeting.host())
                .set(CODE, meeting.code())
                .set(TITLE, meeting.title())
                .set(STATUS, meeting.status())
                .set(SEATS, meeting.seats())
                .set(STARTED, meeting.startedAt())
                .set(ENDED, meeting.endedAt())
                .set(SECONDS, meeting.seconds())
                .set(CREATED, meeting.createdAt())
                .set(UPDATED, meeting.updatedAt());
    }

    private static Projection legacyInSql(Projection projection) {
        return projection
                .yields("id", "r.id")
                .yields("host", "r.host_id")
                .yields("code", "r.room_code")
                .yields("title", "r.title")
                .yields(
                        "status",
                        "CASE r.status WHEN 'active' THEN 'LIVE' WHEN 'closed' THEN 'ENDED' ELSE 'CREATED' END")
                .yields("seats", "r.max_participants")
                .yields("startedAt", "r.started_at")
                .yields("endedAt", "r.ended_at")
                .yields("seconds", "floor(extract(epoch FROM r.ended_at - r.started_at))::bigint")
                .yields("createdAt", "r.created_at")
                .yields("updatedAt", "r.updated_at")
                .takes("title", "s.title")
                .takes("room_code", "s.code")
                .takes("host_id", "s.host")
                .takes(
                        "status",
                        "CASE s.status WHEN 'LIVE' THEN 'active' WHEN 'ENDED' THEN 'closed' ELSE 'waiting' END")
                .takes("max_participants", "s.seats")
                .takes("started_at", "s.\"startedAt\"")
                .takes("ended_at", "s.\"endedAt\"")
                .takes("created_at", "s.\"createdAt\"")
                .takes("updated_at", "s.\"updatedAt\"");
    }

    private static Projection nextInSql(Projection projection) {
        return projection
                .yields("id", "r.id")
                .yields("host", "r.owner_id")
                .yields("code", "r.room_code")
                .yields("title", "r.title")
                .yields("status", "r.status")
                .yields("seats", "r.max_participants")
                .yields("startedAt", "r.started_at")
                .yields("endedAt", "r.ended_at")
                .yields("seconds", "r.duration_seconds")
                .yields("createdAt", "r.created_at")
                .yields("updatedAt", "r.updated_at")
                .takes("owner_id", "s.host")
                .takes("room_code", "s.code")
                .takes("title", "s.title")
                .takes("status", "s.status")
                .takes("max_participants", "s.seats")
                .takes("started_at", "s.\"startedAt\"")
                .takes("ended_at", "s.\"endedAt\"")
                .takes("duration_seconds", "s.seconds")
                .takes("created_at", "s.\"createdAt\"")
                .takes("updated_at", "s.\"updatedAt\"");
    }
}
