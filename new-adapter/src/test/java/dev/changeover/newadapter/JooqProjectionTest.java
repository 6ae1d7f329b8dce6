package dev.changeover.newadapter;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.changeover.core.KeyType;
import dev.changeover.core.SqlProjection;
import dev.changeover.core.projection.Projection;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.SqlProjectionContract;
import java.time.OffsetDateTime;
import java.util.function.UnaryOperator;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;

@PostgresTest
class JooqProjectionTest extends SqlProjectionContract {

    JooqProjectionTest(PostgresDatabase db) {
        super(db);
    }

    @Override
    protected SqlProjection store(String schema, boolean soft, UnaryOperator<Projection> projection) {
        Field<Long> id = column(schema, "room", "id", SQLDataType.BIGINT);
        Field<String> status = column(schema, "room", "status", SQLDataType.CLOB);
        Field<Long> roomId = column(schema, "guest", "room_id", SQLDataType.BIGINT);
        Field<OffsetDateTime> deletedAt = column(schema, "room", "deleted_at", SQLDataType.TIMESTAMPWITHTIMEZONE);
        JooqTable<Long> rooms = JooqStore.table(table(name(schema, "room")), id, KeyType.LONG)
                .fields(column(schema, "room", "title", SQLDataType.CLOB), status)
                .lossy(status)
                .children(
                        table(name(schema, "guest")),
                        roomId,
                        guests -> guests.key(roomId, column(schema, "guest", "position", SQLDataType.INTEGER))
                                .fields(column(schema, "guest", "email", SQLDataType.CLOB)))
                .projection(projection);
        return (soft ? rooms.softDeletedBy(deletedAt) : rooms)
                .entity(room -> 1L, row -> "", (room, row) -> {})
                .projection()
                .orElseThrow();
    }

    private static <T> Field<T> column(String schema, String table, String column, DataType<T> type) {
        return field(name(schema, table, column), type);
    }
}
