package dev.changeover.examples.workload;

import dev.changeover.core.Side;
import dev.changeover.examples.data.OldBuildRows;
import dev.changeover.examples.database.Schemas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows that the traffic starts from, in a fixed order. Only users without rooms are deleted, and every eighth room;
 * a few rooms are hot, that is written by everybody.
 *
 * @param hosts users with rooms; they stay
 * @param leavers users with rooms who may leave; their rooms stay
 * @param guests users without rooms; they may be deleted
 * @param rooms rooms that stay
 * @param spareRooms rooms that may be deleted
 * @param hotRooms rooms that stay and that all writers write
 */
public record Population(
        List<UUID> hosts,
        List<UUID> guests,
        List<UUID> rooms,
        List<UUID> spareRooms,
        List<UUID> hotRooms,
        List<Leaver> leavers) {

    private static final int HOT = 8;
    private static final int MOST_LEAVERS = 300;

    /**
     * Somebody who may leave.
     *
     * @param user who it is
     * @param rooms the rooms that were ever begun, in the order of the server
     */
    public record Leaver(UUID user, List<UUID> rooms) {}

    private static final String LEGACY_USERS = "${legacy}.users";
    private static final String LEGACY_ROOMS = "${legacy}.meetings";
    private static final String NEW_USERS = "(select id from ${new}.users where deleted_at is null)";
    private static final String NEW_ROOMS =
            "(select id, owner_id as host_id, started_at from ${new}.rooms where deleted_at is null)";

    /** Finds out who is there while legacy leads. */
    public static Population of(DataSource dataSource, Schemas schemas) {
        return of(dataSource, schemas, Side.LEGACY);
    }

    /** Finds out who is there on the side that leads. */
    public static Population of(DataSource dataSource, Schemas schemas, Side leading) {
        return of(dataSource, schemas, leading, OldBuildRows.NONE);
    }

    /** Finds out who is there on the side that leads, but for the rows that an old build writes. */
    public static Population of(DataSource dataSource, Schemas schemas, Side leading, OldBuildRows others) {
        String users = leading == Side.LEGACY ? LEGACY_USERS : NEW_USERS;
        String meetings = leading == Side.LEGACY ? LEGACY_ROOMS : NEW_ROOMS;
        Ids ids = new Ids(new JdbcTemplate(dataSource), schemas, id -> !others.has(id));
        List<UUID> rooms = ids.of(meetings + " m");
        List<UUID> hot = List.copyOf(rooms.subList(0, HOT));
        List<Leaver> leavers = leavers(ids, users, meetings, Set.copyOf(hot));
        Set<UUID> theirs =
                leavers.stream().flatMap(each -> each.rooms().stream()).collect(Collectors.toSet());
        List<UUID> staying =
                rooms.stream().skip(HOT).filter(room -> !theirs.contains(room)).toList();
        return of(ids, users, meetings, staying, hot, leavers);
    }

    /** One host in ten of those who have begun a meeting. */
    private static List<Leaver> leavers(Ids ids, String users, String meetings, Set<UUID> hot) {
        Map<UUID, List<UUID>> begun = ids.roomsByHost(users, meetings);
        return begun.entrySet().stream()
                .filter(each -> each.getValue().stream().noneMatch(hot::contains))
                .limit(Math.min(MOST_LEAVERS, begun.size() / 10))
                .map(each -> new Leaver(each.getKey(), each.getValue()))
                .toList();
    }

    /** Finds out which of its rows an old build starts from. */
    public static Population ofOldBuild(DataSource dataSource, Schemas schemas, OldBuildRows rows) {
        Ids ids = new Ids(new JdbcTemplate(dataSource), schemas, rows::has);
        return of(ids, LEGACY_USERS, LEGACY_ROOMS, ids.of(LEGACY_ROOMS + " m"), rows.shared(), List.of())
                .stripe(0, 1);
    }

    private static Population of(
            Ids ids, String users, String meetings, List<UUID> staying, List<UUID> hot, List<Leaver> leavers) {
        String hosted = "exists (select from " + meetings + " m where m.host_id = u.id)";
        Set<UUID> leaving = leavers.stream().map(Leaver::user).collect(Collectors.toSet());
        List<UUID> hosts = ids.of(users + " u where " + hosted).stream()
                .filter(host -> !leaving.contains(host))
                .toList();
        List<UUID> guests = ids.of(users + " u where not " + hosted);
        return new Population(hosts, guests, every(staying, 8, false), every(staying, 8, true), hot, leavers);
    }

    private record Ids(JdbcTemplate jdbc, Schemas schemas, Predicate<UUID> wanted) {
        List<UUID> of(String rows) {
            return jdbc.queryForList(schemas.into("select id from " + rows + " order by id"), UUID.class).stream()
                    .filter(wanted)
                    .toList();
        }

        Map<UUID, List<UUID>> roomsByHost(String users, String meetings) {
            String begun = "select host_id, id from " + meetings + " m where started_at is not null"
                    + " and exists (select from " + users + " u where u.id = m.host_id) order by host_id, id";
            Map<UUID, List<UUID>> rooms = new LinkedHashMap<>();
            jdbc.query(schemas.into(begun), row -> {
                UUID host = row.getObject(1, UUID.class);
                UUID room = row.getObject(2, UUID.class);
                if (wanted.test(host) && wanted.test(room)) {
                    rooms.computeIfAbsent(host, id -> new ArrayList<>()).add(room);
                }
            });
            return rooms;
        }
    }

    /** Returns the share of one of several writers. */
    Population stripe(int writer, int writers) {
        return new Population(
                own(hosts, writer, writers),
                own(guests, writer, writers),
                own(rooms, writer, writers),
                own(spareRooms, writer, writers),
                hotRooms,
                own(leavers, writer, writers));
    }

    private static <T> List<T> own(List<T> ids, int writer, int writers) {
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
