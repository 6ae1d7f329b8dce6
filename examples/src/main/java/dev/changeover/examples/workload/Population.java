package dev.changeover.examples.workload;

import dev.changeover.core.Side;
import dev.changeover.examples.database.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows that the traffic starts from, in a fixed order. Only users without rooms are deleted, and every eighth room;
 * a few rooms are hot, that is written by everybody.
 *
 * @param hosts users with rooms; they stay
 * @param guests users without rooms; they may be deleted
 * @param rooms rooms that stay
 * @param spareRooms rooms that may be deleted
 * @param hotRooms rooms that stay and that all writers write
 */
public record Population(
        List<UUID> hosts, List<UUID> guests, List<UUID> rooms, List<UUID> spareRooms, List<UUID> hotRooms) {

    private static final int HOT = 8;

    private static final String NEW_USERS = "(select id from ${new}.users where deleted_at is null)";
    private static final String NEW_ROOMS =
            "(select id, owner_id as host_id from ${new}.rooms where deleted_at is null)";

    /** Finds out who is there while legacy leads. */
    public static Population of(DataSource dataSource, Schemas schemas) {
        return of(dataSource, schemas, Side.LEGACY);
    }

    /** Finds out who is there on the side that leads. */
    public static Population of(DataSource dataSource, Schemas schemas, Side leading) {
        String users = leading == Side.LEGACY ? "${legacy}.users" : NEW_USERS;
        String meetings = leading == Side.LEGACY ? "${legacy}.meetings" : NEW_ROOMS;
        String hosted = "exists (select from " + meetings + " m where m.host_id = u.id)";
        Ids ids = new Ids(new JdbcTemplate(dataSource), schemas);
        List<UUID> hosts = ids.of(users + " u where " + hosted);
        List<UUID> guests = ids.of(users + " u where not " + hosted);
        List<UUID> rooms = ids.of(meetings + " m");
        List<UUID> staying = rooms.subList(HOT, rooms.size());
        return new Population(
                hosts, guests, every(staying, 8, false), every(staying, 8, true), List.copyOf(rooms.subList(0, HOT)));
    }

    private record Ids(JdbcTemplate jdbc, Schemas schemas) {
        List<UUID> of(String rows) {
            return jdbc.queryForList(schemas.into("select id from " + rows + " order by id"), UUID.class);
        }
    }

    /** Returns the share of one of several writers. */
    Population stripe(int writer, int writers) {
        return new Population(
                own(hosts, writer, writers),
                own(guests, writer, writers),
                own(rooms, writer, writers),
                own(spareRooms, writer, writers),
                hotRooms);
    }

    private static List<UUID> own(List<UUID> ids, int writer, int writers) {
        return IntStream.range(0, ids.size())
                .filter(i -> i % writers == writer)
                .mapToObj(ids::get)
                .collect(ArrayList::new, List::add, List::addAll);
    }

    private static List<UUID> every(List<UUID> ids, int n, boolean nth) {
        return IntStream.range(0, ids.size())
                .filter(i -> (i % n == 0) == nth)
                .mapToObj(ids::get)
                .toList();
    }
}
