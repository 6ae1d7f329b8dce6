package dev.changeover.examples.check;

import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.journal.EntityId;
import dev.changeover.examples.journal.Expectation;
import dev.changeover.examples.journal.State;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** One fault, planted before the final check, which has to find exactly it. */
public enum Sabotage {
    /** An acknowledged write is undone on both sides: nothing but the journal knows. */
    LOST,
    /** The follower has an old state of a row. */
    STALE,
    /** A deleted row is back on the follower. */
    RISEN,
    /** An error reached a caller. */
    CALLER_ERROR;

    /** Plants the fault among the rooms. */
    public void plant(DataSource dataSource, Schemas schemas, Expectation expected, Authority authority) {
        Planter planter = new Planter(new JdbcTemplate(dataSource), schemas, expected);
        planter.blindSentinels();
        switch (this) {
            case LOST -> planter.lost(authority);
            case STALE -> planter.stale(authority);
            case RISEN -> planter.risen(authority);
            case CALLER_ERROR -> {
                // planted where callers are
            }
        }
    }

    private record Planter(JdbcTemplate jdbc, Schemas schemas, Expectation expected) {

        /** They would refuse a write of the side that follows. */
        void blindSentinels() {
            jdbc.execute(schemas.into("alter table ${legacy}.meetings disable trigger user"));
            jdbc.execute(schemas.into("alter table ${new}.rooms disable trigger user"));
        }

        void lost(Authority authority) {
            UUID room =
                    acknowledged(states -> states.size() == 1 && states.get(0).json() != null);
            String rename = " set title = 'sabotage' where id = ?";
            update("update ${legacy}.meetings" + rename, room);
            if (authority.compared) {
                update("update ${new}.rooms" + rename, room);
            }
        }

        void stale(Authority authority) {
            String rename = " set title = 'sabotage' where id = ?";
            update("update " + follower(authority) + rename, untouched());
        }

        void risen(Authority authority) {
            UUID room = acknowledged(states -> states.equals(List.of(State.ABSENT)));
            if (authority.leadsFromLegacy()) {
                update(
                        "insert into ${new}.rooms select (r).* from (select jsonb_populate_record(x, jsonb_build_object("
                                + "'id', ?::text, 'room_code', 'sabotage')) as r from ${new}.rooms x where deleted_at is null"
                                + " limit 1) risen on conflict (id) do update set deleted_at = null",
                        room);
            } else {
                update(
                        "insert into ${legacy}.meetings select (r).* from (select jsonb_populate_record(x,"
                                + " jsonb_build_object('id', ?::text, 'room_code', 'sabotage')) as r from ${legacy}.meetings x"
                                + " limit 1) risen",
                        room);
            }
        }

        private UUID acknowledged(Predicate<List<State>> states) {
            return expected.legal().entrySet().stream()
                    .filter(entry -> entry.getKey().repository().equals("rooms"))
                    .filter(entry -> !expected.writtenAlone().contains(entry.getKey()))
                    .filter(entry -> states.test(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .map(EntityId::key)
                    .sorted()
                    .findFirst()
                    .map(UUID::fromString)
                    .orElseThrow(() -> new IllegalStateException("the journal has no room for this sabotage"));
        }

        /** A room that the traffic never wrote. */
        private UUID untouched() {
            return jdbc.queryForList(schemas.into("select id from ${legacy}.meetings order by id"), UUID.class).stream()
                    .filter(id -> !expected.legal().containsKey(new EntityId("rooms", id.toString())))
                    .filter(id -> !expected.writtenAlone().contains(new EntityId("rooms", id.toString())))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the traffic wrote every room"));
        }

        private static String follower(Authority authority) {
            if (!authority.compared) {
                throw new IllegalStateException("this sabotage needs a follower");
            }
            return authority.leadsFromLegacy() ? "${new}.rooms" : "${legacy}.meetings";
        }

        private void update(String sql, UUID room) {
            if (jdbc.update(schemas.into(sql), room) != 1) {
                throw new IllegalStateException("the sabotage did not find room " + room);
            }
        }
    }
}
