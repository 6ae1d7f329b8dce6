package dev.changeover.legacyadapter;

import dev.changeover.core.KeyType;
import dev.changeover.core.SqlProjection;
import dev.changeover.core.projection.Projection;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.SqlProjectionContract;
import java.util.function.UnaryOperator;

@PostgresTest
class JdbcProjectionTest extends SqlProjectionContract {

    JdbcProjectionTest(PostgresDatabase db) {
        super(db);
    }

    @Override
    protected SqlProjection store(String schema, boolean soft, UnaryOperator<Projection> projection) {
        JdbcTable<Long> table = JdbcStore.table(schema, "room", KeyType.LONG, "id")
                .columns("title", "status")
                .lossy("status")
                .children(
                        schema,
                        "guest",
                        guests -> guests.parent("room_id")
                                .key("room_id", "position")
                                .columns("email"))
                .projection(projection);
        return (soft ? table.softDeletedBy("deleted_at") : table)
                .entity(room -> 1L, row -> "", (room, row) -> {})
                .projection()
                .orElseThrow();
    }
}
