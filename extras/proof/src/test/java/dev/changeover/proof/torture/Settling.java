package dev.changeover.proof.torture;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.testkit.Count;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The end of a round: makes the follower whole by the library's own means, then looks without the library. */
final class Settling {

    private static final int TRIES = 6;

    private static final String DIFFERENCES = """
            SELECT 'owner ' || concat_ws(' | ', o::text, n::text)
              FROM old.owner o FULL JOIN fresh.person n USING (id)
             WHERE (o.name, o.version) IS DISTINCT FROM (n.full_name, n.version)
            UNION ALL
            SELECT 'phone ' || concat_ws(' | ', o::text, n::text)
              FROM old.phone o FULL JOIN fresh.person_phone n ON n.person = o.owner_id AND n.place = o.place
             WHERE o.number IS DISTINCT FROM n.digits
            UNION ALL
            SELECT 'account ' || concat_ws(' | ', o::text, n::text)
              FROM old.account o FULL JOIN fresh.purse n USING (id)
             WHERE (o.owner_id, o.name, o.balance) IS DISTINCT FROM (n.person, n.label, n.amount)""";

    private static final String OWNERS_OF_LEGACY = """
            SELECT o.id, o.name, o.version, ARRAY(SELECT p.number FROM old.phone p WHERE p.owner_id = o.id ORDER BY p.place)
              FROM old.owner o""";

    private static final String OWNERS_OF_NEW = """
            SELECT o.id, o.full_name, o.version,
                   ARRAY(SELECT p.digits FROM fresh.person_phone p WHERE p.person = o.id ORDER BY p.place)
              FROM fresh.person o""";

    private final Round round;
    private final Town town;
    private final PostgresDatabase database;

    Settling(Round round) {
        this.round = round;
        this.town = round.towns.get(0);
        this.database = round.database;
    }

    Verdict verdict() {
        Side authority = Side.LEGACY;
        List<String> differences = List.of("not compared");
        List<String> lost = List.of("not compared");
        try {
            settle();
            authority = town.stage(Town.ACCOUNTS).authority();
            differences = database.queryStrings(DIFFERENCES);
            lost = lost(authority);
        } catch (RuntimeException | SQLException e) {
            round.errors.add(e);
        }
        return new Verdict(round, lost, differences);
    }

    private void settle() {
        for (int attempt = 1; ; attempt++) {
            try {
                together();
                Steps.complete(town); // before the drain, which waits for parents that were never copied
                drain();
                return;
            } catch (RuntimeException e) {
                if (attempt == TRIES) {
                    throw e;
                }
                Round.pause(200);
            }
        }
    }

    /** Both repositories at one stage that has a follower. */
    private void together() {
        Stage owners = town.stage(Town.OWNERS);
        Stage accounts = town.stage(Town.ACCOUNTS);
        if (owners.authority() != accounts.authority()) {
            throw new IllegalStateException("led by two sides: " + owners + " " + accounts);
        }
        Stage target = owners.authority() == Side.LEGACY ? Stage.DUAL_WRITE : Stage.NEW_PRIMARY;
        if (owners.follower() == null) {
            move(Town.OWNERS, target);
        }
        if (accounts.follower() == null) {
            move(Town.ACCOUNTS, target);
        }
    }

    private void move(String repository, Stage target) {
        boolean alone = town.stage(Town.OWNERS) != town.stage(Town.ACCOUNTS);
        town.changeover.stages().moveTogether(alone ? List.of(repository) : Town.BOTH, target, "torture", "settle");
    }

    /** Parents first, since the follower's foreign keys wait for them. */
    private void drain() {
        for (String repository : Town.BOTH) {
            if (town.state(repository).stage().follower() == null) {
                continue;
            }
            town.changeover.drain().retryParked(repository);
            if (!town.changeover.drain().awaitEmpty(repository, Duration.ofSeconds(20))) {
                throw new IllegalStateException("the marks do not drain: "
                        + database.queryStrings("SELECT a::text FROM changeover.attempt a LIMIT 5"));
            }
        }
    }

    // ---- the history against what is there

    private List<String> lost(Side authority) throws SQLException {
        Map<Row, Object> present = present(authority);
        List<String> lost = new java.util.ArrayList<>();
        for (int i = 0; i < Row.COUNTERS; i++) {
            Account account = (Account) present.remove(Row.counter(i));
            Count count = round.counters.get(i);
            if (account == null || account.balance() < count.least() || account.balance() > count.most()) {
                lost.add(account + " was counted from " + count.least() + " to " + count.most());
            }
        }
        for (Row row : round.history.keys()) {
            Object state = present.remove(row);
            if (!round.history.isLegal(row, state)) {
                lost.add(state + " is left of " + round.history.describe(row));
            }
        }
        present.forEach((row, state) -> lost.add(state + " was never written"));
        return lost;
    }

    private Map<Row, Object> present(Side authority) throws SQLException {
        boolean legacy = authority == Side.LEGACY;
        Map<Row, Object> present = new HashMap<>();
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(legacy ? OWNERS_OF_LEGACY : OWNERS_OF_NEW)) {
                while (rows.next()) {
                    String[] phones =
                            (String[]) Objects.requireNonNull(rows.getArray(4).getArray());
                    present.put(
                            Row.owner(rows.getLong(1)),
                            new Owner(rows.getLong(1), rows.getString(2), rows.getLong(3), Arrays.asList(phones)));
                }
            }
            String accounts =
                    legacy ? "owner_id, name, balance FROM old.account" : "person, label, amount FROM fresh.purse";
            try (ResultSet rows = statement.executeQuery("SELECT id, " + accounts)) {
                while (rows.next()) {
                    present.put(
                            Row.account(rows.getLong(1)),
                            new Account(
                                    rows.getLong(1),
                                    rows.getObject(2, Long.class),
                                    rows.getString(3),
                                    rows.getLong(4)));
                }
            }
        }
        return present;
    }
}
