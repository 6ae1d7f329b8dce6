package dev.changeover.proof;

import dev.changeover.core.Changeover;
import dev.changeover.core.Dual;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.ScheduleRunner;
import dev.changeover.testkit.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import javax.sql.DataSource;

/**
 * An application with two repositories, owners (with phones as children) and cars, both sides watched by sentinels, and
 * sessions that know nothing of the library. What a port does is SQL, in which {s} stands for the schema of the side.
 */
final class Garage implements AutoCloseable {

    /** The port of both repositories. */
    interface Statements {
        int run(String sql);
    }

    /** The root with its children. */
    record Owner(Long id, String name, Map<Integer, String> phones) {}

    /** An entity that refers to another. */
    record Car(Long id, Long owner, String plate) {}

    final PostgresDatabase database;
    final JdbcTransactions transactions;
    final Changeover changeover;
    final Dual<Statements, Long, Owner> owners;
    final Dual<Statements, Long, Car> cars;
    private final ScheduleRunner sessions;

    static Garage open() {
        return open(Strangers.REFUSE);
    }

    static Garage open(Strangers strangers) {
        Garage garage = new Garage();
        garage.changeover.sentinels().install("owners", strangers, "test", "install");
        garage.changeover.sentinels().install("cars", strangers, "test", "install");
        return garage;
    }

    static Garage unwatched() {
        return new Garage();
    }

    private Garage() {
        database = PostgresDatabase.fresh()
                .script("dev/changeover/proof/garage.sql")
                .open();
        sessions = ScheduleRunner.on(database.dataSource());
        DataSource pool = database.pool(8);
        transactions = JdbcTransactions.on(pool);
        applySchema(pool);
        changeover =
                Changeover.builder().dataSource(pool).transactions(transactions).start();
        changeover.drain().pause();
        owners = changeover
                .repository("owners", Statements.class)
                .entity(Owner.class, KeyType.LONG, Owner::id)
                .legacy(statements("old"), ownerStore("old"))
                .next(statements("fresh"), ownerStore("fresh"))
                .route(m -> m.bulk("sweep"))
                .dual();
        cars = changeover
                .repository("cars", Statements.class)
                .entity(Car.class, KeyType.LONG, Car::id)
                .legacy(statements("old"), carStore("old"))
                .next(statements("fresh"), carStore("fresh"))
                .dependsOn("owners")
                .dual();
    }

    private static void applySchema(DataSource pool) {
        try (Connection connection = pool.getConnection()) {
            ControlSchema.apply(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Statements statements(String schema) {
        return sql -> {
            try (Connection connection = transactions.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql.replace("{s}", schema));
            } catch (SQLException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        };
    }

    private static EntityStore<Long, Owner> ownerStore(String schema) {
        return JdbcStore.table(schema, "owner", KeyType.LONG, "id")
                .columns("name")
                .children(
                        schema,
                        "phone",
                        phones -> phones.parent("owner_id").key("owner_id", "n").columns("number"))
                .entity(
                        Owner::id,
                        row -> {
                            Map<Integer, String> phones = new TreeMap<>();
                            row.children("phone", phone -> Map.entry(phone.intValue("n"), phone.text("number")))
                                    .forEach(phone -> phones.put(phone.getKey(), phone.getValue()));
                            return new Owner(row.longValue("id"), row.text("name"), phones);
                        },
                        (owner, row) -> {
                            row.set("name", owner.name());
                            owner.phones()
                                    .forEach((n, number) ->
                                            row.child("phone").set("n", n).set("number", number));
                        });
    }

    private static EntityStore<Long, Car> carStore(String schema) {
        return JdbcStore.table(schema, "car", KeyType.LONG, "id")
                .columns("owner", "plate")
                .entity(
                        Car::id,
                        row -> new Car(row.longValue("id"), row.longOrNull("owner"), row.text("plate")),
                        (car, row) -> {
                            row.set("owner", car.owner());
                            row.set("plate", car.plate());
                        });
    }

    /** Moves both repositories together, through the stages in between. */
    Garage to(Stage target) {
        Stage now = changeover.stages().of("owners").stage();
        while (now != target) {
            Stage step = Stage.values()[now.ordinal() + (target.compareTo(now) > 0 ? 1 : -1)];
            if (step == Stage.RAMP && now == Stage.SHADOW) {
                changeover.backfill("owners").run(progress -> {});
                changeover.backfill("cars").run(progress -> {});
            } else if (step == Stage.NEW_PRIMARY && now == Stage.RAMP) {
                changeover.stages().percent(List.of("owners", "cars"), 100, "test", "all");
            }
            changeover.stages().moveTogether(List.of("owners", "cars"), step, "test", "walk");
            now = step;
        }
        return this;
    }

    /** An owner with a routed write of its own key. */
    void own(long id, String sql) {
        owners.run("write", id, port -> port.run(sql));
    }

    Session stranger(String name) {
        return sessions.session(name);
    }

    /** SQL of somebody who has never heard of the library, in one transaction. */
    void psql(String sql) {
        database.execute(sql);
    }

    void drain() {
        changeover.drain().drainNow("owners");
        changeover.drain().drainNow("cars");
    }

    /** All marks, such as {@code owners 1 LEGACY FOREIGN}. */
    List<String> marks() {
        return database.queryStrings("SELECT concat_ws(' ', r.name, m.key, m.side, m.reason) FROM changeover.mark m"
                + " JOIN changeover.repository r ON r.number = m.repository ORDER BY r.name DESC, m.key, m.id");
    }

    /** What the sides have differently. */
    List<String> differences() {
        return database.queryStrings("SELECT t::text FROM ("
                + symmetric("SELECT 'owner', id, name, NULL::text FROM {s}.owner") + " UNION ALL "
                + symmetric("SELECT 'phone', owner_id, n::text, number FROM {s}.phone") + " UNION ALL "
                + symmetric("SELECT 'car', id, plate, owner::text FROM {s}.car") + ") t");
    }

    private static String symmetric(String select) {
        String old = select.replace("{s}", "old");
        String fresh = select.replace("{s}", "fresh");
        return "((" + old + " EXCEPT " + fresh + ") UNION ALL (" + fresh + " EXCEPT " + old + "))";
    }

    <T> T inTransaction(TransactionSettings settings, Callable<T> work) {
        try {
            return transactions.required(settings, work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    <T> T inTransaction(Callable<T> work) {
        return inTransaction(TransactionSettings.DEFAULTS, work);
    }

    /** SQL of the application's own, round the library but on the connection of its transaction. */
    void stray(String sql) {
        statements("old").run(sql);
    }

    /** Takes a rule out of one of the control functions. */
    void mutate(String function, String rule, String replacement) {
        String source = database.queryString("SELECT pg_get_functiondef(('changeover." + function + "')::regproc)");
        if (!source.contains(rule)) {
            throw new AssertionError(function + " does not contain " + rule);
        }
        psql(source.replace(rule, replacement));
    }

    /** Makes a sentinel's trigger another one. */
    void mutateTrigger(String trigger, String pattern, String replacement) {
        String source = database.queryString("SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE tgname = '"
                + trigger + "' ORDER BY tgrelid LIMIT 1");
        String table = database.queryString("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = '" + trigger
                + "' ORDER BY tgrelid LIMIT 1");
        String changed = source.replaceAll(pattern, java.util.regex.Matcher.quoteReplacement(replacement));
        if (changed.equals(source)) {
            throw new AssertionError(source + " does not match " + pattern);
        }
        psql("DROP TRIGGER " + trigger + " ON " + table + "; " + changed + "; ALTER TABLE " + table
                + " ENABLE ALWAYS TRIGGER " + trigger);
    }

    @Override
    public void close() {
        sessions.close();
        changeover.close();
        database.close();
    }
}
