package dev.changeover.proof.torture;

import dev.changeover.core.Side;
import dev.changeover.core.Strangers;
import dev.changeover.testkit.History;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** One transaction of a stranger, on keys of its own and on one, as its last, that all write. */
final class StrangeUnit {

    private static final int KEYS = Stranger.KEYS;

    private final Round round;
    private final boolean legacy;
    private final Random random;
    private final Keys keys;
    private final Statement statement;
    private final History<Row, Object>.Unit unit;
    private boolean committing;
    private boolean ended;
    private boolean replica;

    /** The keys that are a stranger's own. */
    record Keys(int stranger) {

        Row account(int index) {
            return Row.strangeAccount(stranger, index);
        }

        Row owner(int index) {
            return Row.strangeOwner(stranger, index);
        }
    }

    StrangeUnit(Round round, Side side, Random random, Keys keys, Statement statement) {
        this.round = round;
        this.legacy = side == Side.LEGACY;
        this.random = random;
        this.keys = keys;
        this.statement = statement;
        this.unit = round.history.begin();
    }

    int size() {
        return unit.size();
    }

    void work(boolean snapshot) throws SQLException {
        if (snapshot) {
            unit.underSnapshot();
            execute("SELECT count(*) FROM old.owner");
            hold(3);
        }
        try (var rows = statement.executeQuery("SELECT current_setting('session_replication_role') = 'replica'")) {
            rows.next();
            replica = rows.getBoolean(1);
        }
        if (random.nextInt(6) == 0) {
            backToASavepoint();
        }
        if (round.plan.strangers == Strangers.MARK) {
            one(); // of more rows, let through to the follower, a copy of the same could come crosswise
        } else {
            several();
        }
        hold(4);
    }

    private void one() throws SQLException {
        if (random.nextInt(3) == 0) {
            shared();
        } else {
            change();
        }
    }

    private void several() throws SQLException {
        int operations = 1 + random.nextInt(3);
        for (int i = 0; i < operations; i++) {
            change();
            hold(12);
        }
        if (random.nextInt(3) == 0) {
            shared();
        }
    }

    /** A savepoint that is rolled back takes the fence with it; what was written in it nobody may ever see. */
    private void backToASavepoint() throws SQLException {
        execute("SAVEPOINT s");
        execute(Stranger.upsert(legacy, List.of(keys.account(anyIndex()).id()), "undone", next()));
        hold(2);
        execute("ROLLBACK TO SAVEPOINT s");
        hold(2);
    }

    private void change() throws SQLException {
        boolean single = round.plan.strangers == Strangers.MARK;
        int kind = random.nextInt(replica ? 4 : 8); // as a replica no foreign key cascades
        switch (single && (kind == 2 || kind == 3) ? 0 : kind) {
            case 0 -> save(List.of(account()));
            case 1 -> remove();
            case 2 ->
                save(random.ints(4, 0, KEYS)
                        .distinct()
                        .sorted()
                        .mapToObj(keys::account)
                        .toList());
            case 3 -> rekey();
            case 4 -> phones();
            case 5 -> removeOwner();
            default -> saveOwner();
        }
    }

    // ---- accounts

    private void save(List<Row> rows) throws SQLException {
        long version = next();
        rows.forEach(row -> unit.write(row, new Account(row.id(), null, "strange", version)));
        execute(Stranger.upsert(legacy, rows.stream().map(Row::id).toList(), "strange", version));
    }

    private void remove() throws SQLException {
        Row row = account();
        unit.write(row, null);
        execute("DELETE FROM " + accounts() + " WHERE id = " + row.id());
    }

    private void rekey() throws SQLException {
        Row from = account();
        Row to = account();
        if (from.equals(to) || !isKnown(from) || !isKnown(to) || state(from) == null || state(to) != null) {
            return;
        }
        unit.write(to, ((Account) state(from)).at(to.id()));
        unit.write(from, null);
        execute("UPDATE " + accounts() + " SET id = " + to.id() + " WHERE id = " + from.id());
    }

    /** Others write it, too: it comes last, so that nobody waits crosswise. */
    private void shared() throws SQLException {
        Row row = Row.shared(random.nextInt(Row.SHARED));
        if (random.nextInt(4) == 0) {
            unit.write(row, null);
            execute("DELETE FROM " + accounts() + " WHERE id = " + row.id());
        } else {
            save(List.of(row));
        }
    }

    // ---- owners with their phones

    private void saveOwner() throws SQLException {
        Row row = owner();
        long version = next();
        List<String> phones = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> "+" + version + i)
                .toList();
        unit.write(row, new Owner(row.id(), "o" + version, version, phones));
        String name = legacy ? "name" : "full_name";
        execute("INSERT INTO " + owners() + " (id, " + name + ", version) VALUES (" + row.id() + ", 'o" + version
                + "', " + version + ") ON CONFLICT (id) DO UPDATE SET " + name + " = excluded." + name
                + ", version = excluded.version");
        execute("DELETE FROM " + phones(row));
        for (int place = 0; place < phones.size(); place++) {
            execute("INSERT INTO " + (legacy ? "old.phone" : "fresh.person_phone") + " VALUES (" + row.id() + ", "
                    + place + ", '" + phones.get(place) + "')");
        }
    }

    /** Changes children only. */
    private void phones() throws SQLException {
        Row row = owner();
        if (!isKnown(row) || state(row) == null) {
            return;
        }
        Owner owner = (Owner) state(row);
        String number = legacy ? "number" : "digits";
        boolean clear = random.nextInt(3) == 0;
        List<String> phones = clear
                ? List.of()
                : owner.phones().stream().map(phone -> phone + "'").toList();
        unit.write(row, new Owner(owner.id(), owner.name(), owner.version(), phones));
        execute(
                clear
                        ? "DELETE FROM " + phones(row)
                        : "UPDATE "
                                + phones(row).replace(" WHERE", " SET " + number + " = " + number + " || '''' WHERE"));
    }

    private void removeOwner() throws SQLException {
        Row row = owner();
        unit.write(row, null);
        execute("DELETE FROM " + owners() + " WHERE id = " + row.id());
    }

    private String phones(Row row) {
        return (legacy ? "old.phone WHERE owner_id = " : "fresh.person_phone WHERE person = ") + row.id();
    }

    private String owners() {
        return legacy ? "old.owner" : "fresh.person";
    }

    private String accounts() {
        return legacy ? "old.account" : "fresh.purse";
    }

    // ---- the end

    /** What the side that follows was given is undone by the copy, so it never counts. */
    void commit(Connection connection, boolean leads) throws SQLException {
        if (!leads) {
            round.conflicts.addAndGet(unit.size());
            unit.undone();
            ended = true;
            connection.commit();
            return;
        }
        committing = true;
        connection.commit();
        unit.acknowledged();
        round.foreign.addAndGet(unit.size());
    }

    void undone() {
        unit.undone();
    }

    void failed(boolean gone) {
        if (gone && committing) {
            unit.unknown();
        } else if (!ended) {
            unit.undone();
        }
    }

    // ---- what it knows

    private void execute(String sql) throws SQLException {
        statement.execute(sql);
    }

    private void hold(int seldom) {
        if (random.nextInt(seldom) == 0) {
            Round.pause(random.nextInt(round.plan.blueMillis));
        }
    }

    private static long next() {
        return Row.VERSIONS.addAndGet(10);
    }

    private int anyIndex() {
        return random.nextInt(KEYS);
    }

    private Row account() {
        return keys.account(anyIndex());
    }

    private Row owner() {
        return keys.owner(anyIndex());
    }

    private boolean isKnown(Row row) {
        return unit.wrote(row) || round.history.possible(row).size() == 1;
    }

    private Object state(Row row) {
        return unit.wrote(row)
                ? unit.state(row)
                : round.history.possible(row).iterator().next();
    }
}
