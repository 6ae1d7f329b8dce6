package dev.changeover.examples.workload;

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

    /** Finds out who is there. */
    public static Population of(DataSource dataSource, Schemas schemas) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        String hosted = "exists (select from ${legacy}.meetings m where m.host_id = u.id)";
        String users = "select id from ${legacy}.users u where ";
        List<UUID> hosts = jdbc.queryForList(schemas.into(users + hosted + " order by id"), UUID.class);
        List<UUID> guests = jdbc.queryForList(schemas.into(users + "not " + hosted + " order by id"), UUID.class);
        List<UUID> rooms = jdbc.queryForList(schemas.into("select id from ${legacy}.meetings order by id"), UUID.class);
        List<UUID> staying = rooms.subList(HOT, rooms.size());
        return new Population(
                hosts, guests, every(staying, 8, false), every(staying, 8, true), List.copyOf(rooms.subList(0, HOT)));
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
