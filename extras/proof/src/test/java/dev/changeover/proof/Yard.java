package dev.changeover.proof;

import dev.changeover.core.Changeover;
import dev.changeover.core.Dual;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** One repository of any kind, in DUAL_WRITE and backfilled. */
final class Yard<K, V> implements AutoCloseable {

    record Note(String id, String body) {}

    static EntityStore<String, Note> noteStore(String schema) {
        return JdbcStore.table(schema, "note", KeyType.TEXT, "id")
                .columns("body")
                .entity(
                        Note::id,
                        row -> new Note(row.text("id"), row.text("body")),
                        (note, row) -> row.set("body", note.body()));
    }

    static Yard<String, Note> notes() {
        return new Yard<>(
                "CREATE TABLE old.note (id text PRIMARY KEY, body text); CREATE TABLE fresh.note (id text PRIMARY KEY, body text)",
                changeover -> changeover
                        .repository("things", Garage.Statements.class)
                        .entity(Note.class, KeyType.TEXT, Note::id),
                noteStore("old"),
                noteStore("fresh"),
                builder -> builder);
    }

    static EntityStore<Long, Garage.Owner> ownerStore(String schema, String phoneSchema) {
        return JdbcStore.table(schema, "owner", KeyType.LONG, "id")
                .columns("name")
                .children(
                        phoneSchema,
                        "phone",
                        phones -> phones.parent("owner_id").key("owner_id", "n").columns("number"))
                .entity(
                        Garage.Owner::id,
                        row -> {
                            Map<Integer, String> phones = new TreeMap<>();
                            row.children("phone", phone -> Map.entry(phone.intValue("n"), phone.text("number")))
                                    .forEach(phone -> phones.put(phone.getKey(), phone.getValue()));
                            return new Garage.Owner(row.longValue("id"), row.text("name"), phones);
                        },
                        (owner, row) -> {
                            row.set("name", owner.name());
                            owner.phones()
                                    .forEach((n, number) ->
                                            row.child("phone").set("n", n).set("number", number));
                        });
    }

    static Yard<Long, Garage.Owner> owners(
            UnaryOperator<RepositoryBuilder<Garage.Statements, Long, Garage.Owner>> with, String phonesOfNew) {
        return new Yard<>(
                "INSERT INTO old.owner VALUES (1, 'a'), (2, 'b')",
                changeover -> changeover
                        .repository("things", Garage.Statements.class)
                        .entity(Garage.Owner.class, KeyType.LONG, Garage.Owner::id),
                ownerStore("old", "old"),
                ownerStore("fresh", phonesOfNew),
                with);
    }

    final PostgresDatabase database;
    final JdbcTransactions transactions;
    final Changeover changeover;
    final Dual<Garage.Statements, K, V> dual;

    Yard(
            String script,
            Function<Changeover, RepositoryBuilder<Garage.Statements, K, V>> repository,
            EntityStore<K, V> legacy,
            EntityStore<K, V> next,
            UnaryOperator<RepositoryBuilder<Garage.Statements, K, V>> with) {
        database = PostgresDatabase.fresh()
                .script("dev/changeover/proof/garage.sql")
                .open();
        psql(script);
        DataSource pool = database.pool(8);
        transactions = JdbcTransactions.on(pool);
        try (Connection connection = pool.getConnection()) {
            ControlSchema.apply(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        changeover =
                Changeover.builder().dataSource(pool).transactions(transactions).start();
        changeover.drain().pause();
        dual = with.apply(repository
                        .apply(changeover)
                        .legacy(statements("old"), legacy)
                        .next(statements("fresh"), next)
                        .route(m -> m.bulk("sweep")))
                .dual();
        changeover.sentinels().install("things", Strangers.REFUSE, "test", "install");
        to(Stage.DUAL_WRITE);
        changeover.backfill("things").run(progress -> {});
    }

    void to(Stage target) {
        Stage now = changeover.stages().of("things").stage();
        while (now != target) {
            now = Stage.values()[now.ordinal() + 1];
            if (now == Stage.NEW_PRIMARY) {
                changeover.stages().percent(List.of("things"), 100, "test", "all");
            }
            changeover.stages().moveTogether(List.of("things"), now, "test", "walk");
        }
    }

    private Garage.Statements statements(String schema) {
        return sql -> {
            try (Connection connection = transactions.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql.replace("{s}", schema));
            } catch (SQLException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        };
    }

    void sql(String sql) {
        try (Statement statement = transactions.current().connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void psql(String sql) {
        database.execute(sql);
    }

    void drain() {
        changeover.backfill("things").permitRemovals();
        changeover.drain().drainNow("things");
    }

    List<String> marks() {
        return database.queryStrings("SELECT concat_ws(' ', key, side, reason) FROM changeover.mark ORDER BY id");
    }

    List<String> differences(String table, String columns) {
        String old = "SELECT " + columns + " FROM old." + table;
        String fresh = "SELECT " + columns + " FROM fresh." + table;
        return database.queryStrings("SELECT t::text FROM ((" + old + " EXCEPT " + fresh + ") UNION ALL (" + fresh
                + " EXCEPT " + old + ")) t");
    }

    @Override
    public void close() {
        changeover.close();
        database.close();
    }
}
