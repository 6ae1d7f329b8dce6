package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Policy;
import dev.changeover.core.Stage;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Stage, kind of operation and outcome of each side: which calls run, what the caller sees, what is marked.
 *
 * <p>Key 1 is outside the first half of the buckets and key 2 inside it; "marked" means that key 2 has a mark. Legacy
 * holds balance 1 and new holds balance 2, so that an answer tells whose it is. Outcomes: a value, null, an exception, an
 * Error, a statement that fails on the server, slow.
 */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class RoutingTableTest {

    private static final String ANY = "value,null,exception,error,slow";

    private static final String TABLE = """
            stage                    | operation                                    | legacy      | new         | calls                | caller | marks
            # where one side leads and reads
            LEGACY_ONLY              | find,lookup,query,lock,find in unit,find ro  | ANY         | -           | legacy               | legacy |
            DUAL_WRITE,SHADOW        | find,lookup,query,lock,find in unit,find ro  | ANY         | -           | legacy               | legacy |
            LEGACY_ONLY              | save,save in unit                            | ANY         | -           | legacy               | legacy |
            # the follower follows, and can do the caller no harm
            DUAL_WRITE,SHADOW,RAMP 50| save,save in unit                            | value,null  | value       | legacy; copy new     | legacy |
            DUAL_WRITE,RAMP 100      | save,save in unit                            | slow        | value       | legacy; copy new     | legacy |
            DUAL_WRITE,SHADOW,RAMP 50| save,save in unit                            | value       | exception,error,sql | legacy; copy new | legacy | FAILED
            DUAL_WRITE,RAMP 100      | save,save in unit                            | null        | slow        | legacy; copy new     | legacy | FAILED
            # what throws is rolled back, unless the caller goes on
            DUAL_WRITE,SHADOW,RAMP 50| save                                         | exception,error | -       | legacy               | legacy |
            DUAL_WRITE,SHADOW,RAMP 50| save in unit                                 | exception,error | -       | legacy               | legacy | AUTHORITY_THREW
            DUAL_WRITE               | save rr                                      | value,null  | -           | legacy               | legacy | ISOLATION
            DUAL_WRITE               | save serializable                            | value,null  | -           | legacy               | legacy | ISOLATION
            # RAMP: new serves what it may
            RAMP 0                   | find,lookup,query,lock,find in unit,find ro  | ANY         | -           | legacy               | legacy |
            RAMP 50                  | find,find ro                                 | -           | value,null,slow | new              | new    |
            RAMP 50                  | find outside,find ro outside                 | ANY         | -           | legacy               | legacy |
            RAMP 50                  | lookup,query,lock,find in unit               | ANY         | -           | legacy               | legacy |
            RAMP 50                  | find routed in                               | -           | value       | new                  | new    |
            RAMP 50                  | lookup routed in,query routed in             | -           | value       | new                  | new    |
            RAMP 50                  | find routed out,lookup routed out,query routed out | value | -           | legacy               | legacy |
            RAMP 100                 | find,find outside,lookup,query,find ro       | -           | value,null,slow | new              | new    |
            RAMP 100                 | find,find outside,lookup,query,find ro       | ANY         | exception,error,sql | new; legacy  | legacy |
            RAMP 100                 | lock,find in unit                            | ANY         | -           | legacy               | legacy |
            # a marked key is served by the side that is right, and so is everything that may contain it
            RAMP 100 marked          | find,find ro,lookup,query                    | ANY         | -           | legacy               | legacy | TEST
            RAMP 100 marked          | find outside                                 | -           | value       | new                  | new    | TEST
            RAMP 100 marked          | save                                         | value       | value       | legacy; copy new     | legacy |
            # new leads
            NEW_PRIMARY              | find,lookup,query,lock,find in unit,find ro  | -           | ANY         | new                  | new    |
            NEW_PRIMARY marked       | find,lookup,query                            | -           | ANY         | new                  | new    | TEST
            NEW_PRIMARY              | save,save in unit                            | value       | value,null  | new; copy legacy     | new    |
            NEW_PRIMARY              | save,save in unit                            | exception,error,sql | value | new; copy legacy   | new    | FAILED
            NEW_PRIMARY              | save                                         | -           | exception,error | new              | new    |
            NEW_PRIMARY              | save in unit                                 | -           | exception,error | new              | new    | AUTHORITY_THREW
            NEW_PRIMARY              | save rr                                      | -           | value       | new                  | new    | ISOLATION
            NEW_ONLY                 | find,lookup,query,lock,find in unit,find ro  | -           | ANY         | new                  | new    |
            NEW_ONLY                 | save,save in unit                            | -           | ANY         | new                  | new    |
            """;

    /** The same for writes with the policy ATOMIC; "left" are the balances on legacy and on new. */
    private static final String ATOMIC = """
            stage                               | operation             | legacy          | new             | calls            | caller   | marks | left
            # both
            DUAL_WRITE,SHADOW,RAMP 50,RAMP 100  | save,save in unit     | value,null,slow | value,null      | legacy; copy new | legacy   |       | 9 9
            NEW_PRIMARY                         | save,save in unit     | value,null      | value,null,slow | new; copy legacy | new      |       | 9 9
            # or neither, and the caller sees what the follower threw
            DUAL_WRITE,SHADOW,RAMP 50,RAMP 100  | save,save in unit     | value,null | exception,error,sql  | legacy; copy new | copy new |       | 1 2
            DUAL_WRITE,RAMP 100                 | save,save in unit     | value           | slow            | legacy; copy new | copy new |       | 1 2
            NEW_PRIMARY                         | save,save in unit     | exception,error,sql,slow | value  | new; copy legacy | copy legacy |    | 1 2
            # what the authority throws is the caller's, with this policy as with the other
            DUAL_WRITE,RAMP 50                  | save                  | exception,error | -               | legacy           | legacy   |       | 1 2
            DUAL_WRITE,RAMP 50                  | save in unit          | exception,error | -   | legacy  | legacy   | AUTHORITY_THREW        | 1 2
            NEW_PRIMARY                         | save                  | -               | exception,error | new              | new      |       | 1 2
            NEW_PRIMARY                         | save in unit          | -   | exception,error | new     | new      | AUTHORITY_THREW        | 1 2
            # a copy under an old snapshot may be of an old state: it is done, and marked as well
            DUAL_WRITE                          | save rr,save serializable | value       | value           | legacy; copy new | legacy   | ISOLATION | 9 9
            NEW_PRIMARY                         | save rr,save serializable | value       | value           | new; copy legacy | new      | ISOLATION | 9 9
            DUAL_WRITE                          | save rr,save serializable | value       | exception,error,sql,slow | legacy; copy new | copy new | | 1 2
            # where one side is alone there is nothing to be atomic with
            LEGACY_ONLY                         | save,save in unit     | value,null,slow | -               | legacy           | legacy   |       | 9 2
            NEW_ONLY                            | save,save in unit     | -               | value,null,slow | new              | new      |       | 1 9
            """;

    private static final long OUTSIDE = key(false);
    private static final long INSIDE = key(true);

    private final PostgresDatabase database;
    private final List<String> calls = new ArrayList<>();
    private final Map<String, String> outcomes = new ConcurrentHashMap<>();
    private final Map<String, Throwable> thrown = new ConcurrentHashMap<>();
    private Bank bank;
    private Policy policy = Policy.ISOLATED;
    private String state = "";

    RoutingTableTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void clear() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE");
    }

    private record Row(
            String stage,
            String operation,
            String legacy,
            String next,
            String calls,
            String side,
            String marks,
            String left) {
        @Override
        public String toString() {
            return stage + ": " + operation + ", legacy " + legacy + ", new " + next + " -> " + calls;
        }
    }

    /** A key whose bucket is inside, or outside, the first half. */
    private static long key(boolean inside) {
        return LongStream.rangeClosed(1, 1_000)
                .filter(k -> (Long.remainderUnsigned(KeyType.LONG.hash(k), 10_000) < 5_000) == inside)
                .findFirst()
                .orElseThrow();
    }

    private static String routing(boolean inside) {
        return LongStream.rangeClosed(1, 1_000)
                .mapToObj(k -> "tenant" + k)
                .filter(k -> (Long.remainderUnsigned(KeyType.TEXT.hash(k), 10_000) < 5_000) == inside)
                .findFirst()
                .orElseThrow();
    }

    @TestFactory
    @Guarantee("G3")
    @Guarantee("G5")
    @Guarantee("G10")
    Stream<DynamicTest> everyOperationInEveryStage() {
        return tests(TABLE);
    }

    @TestFactory
    @Guarantee("G2")
    @Guarantee("G10")
    Stream<DynamicTest> withThePolicyAtomicBothSidesAreWrittenOrNeither() {
        policy = Policy.ATOMIC;
        return tests(ATOMIC);
    }

    private Stream<DynamicTest> tests(String table) {
        List<Row> rows = new ArrayList<>();
        table.lines().skip(1).filter(line -> !line.startsWith("#")).forEach(line -> expand(line, rows));
        rows.sort(java.util.Comparator.comparingInt(
                        (Row row) -> Stage.valueOf(row.stage().split(" ")[0]).ordinal())
                .thenComparing(Row::stage));
        Stream<DynamicTest> tests = rows.stream().map(row -> DynamicTest.dynamicTest(row.toString(), () -> check(row)));
        return tests.onClose(() -> bank.close());
    }

    /** A new instance for each stage, so that the breaker knows nothing of the rows before. */
    private void reopen() {
        if (bank != null) {
            bank.close();
        }
        bank = Bank.open(
                database,
                Bank.Parts.DEFAULTS
                        .withLegacy(port -> scripted(Accounts.class, port, "legacy"))
                        .withNext(port -> scripted(Accounts.class, port, "new"))
                        .withLegacyStore(store -> scripted(EntityStore.class, store, "copy legacy"))
                        .withNextStore(store -> scripted(EntityStore.class, store, "copy new"))
                        .withBuilder(builder -> builder.policy(policy).limits(new FollowerLimits(20, 20, 400))));
        bank.changeover.drain().pause();
    }

    private static void expand(String line, List<Row> rows) {
        String[] cells = Arrays.stream(line.split("\\|", -1))
                .map(cell -> cell.strip().replace("ANY", ANY))
                .toArray(String[]::new);
        for (String stage : cells[0].split(",")) {
            for (String operation : cells[1].split(",")) {
                for (String legacy : cells[2].split(",")) {
                    for (String next : cells[3].split(",")) {
                        String left = cells.length > 7 ? cells[7] : "";
                        rows.add(new Row(stage, operation, legacy, next, cells[4], cells[5], cells[6], left));
                    }
                }
            }
        }
    }

    // ---- one row

    private void check(Row row) {
        prepare(row);
        Throwable[] failure = new Throwable[1];
        Object[] result = new Object[1];
        Throwable ended = catchThrowable(() -> act(row.operation(), () -> {
            try {
                result[0] = call(row.operation());
            } catch (Throwable e) {
                failure[0] = e;
            }
        }));
        List<String> done = List.copyOf(calls);
        outcomes.clear();

        assertThat(String.join("; ", done)).isEqualTo(row.calls());
        if (row.side().startsWith("copy") && row.operation().contains(" ")) {
            assertThat(ended).as("the unit whose caller swallowed it").hasMessageContaining("roll");
        } else {
            assertThat(ended).isNull();
        }
        boolean legacyServes = row.side().endsWith("legacy");
        String outcome = legacyServes ? row.legacy() : row.next();
        switch (outcome) {
            case "exception", "error" -> assertThat(failure[0]).isSameAs(thrown.get(row.side()));
            case "null" -> {
                assertThat(failure[0]).isNull();
                assertThat(result[0]).isNull();
            }
            case "sql" -> assertThat(sqlState(failure[0])).isEqualTo("22012");
            default -> {
                if (row.side().startsWith("copy")) {
                    assertThat(sqlState(failure[0])).isEqualTo("57014");
                    break;
                }
                assertThat(failure[0]).isNull();
                assertThat(result[0]).isEqualTo(expected(row.operation(), legacyServes ? 1 : 2));
            }
        }
        assertThat(String.join(",", database.queryStrings("SELECT reason FROM changeover.mark")))
                .isEqualTo(row.marks());
        if (!row.left().isEmpty()) {
            assertThat(database.queryString("SELECT o.balance || ' ' || f.balance FROM old.account o"
                            + " JOIN fresh.account f USING (id) WHERE id = " + INSIDE))
                    .isEqualTo(row.left());
        } else if (row.calls().contains("; copy")) {
            assertThat(WalkTest.differences(database) == 1)
                    .isEqualTo(row.marks().isEmpty()); // the other key's
        }
    }

    /** What a store throws is no exception of the port: it comes behind one that every port may throw. */
    private static String sqlState(Throwable failure) {
        assertThat(failure).isInstanceOf(ChangeoverException.class);
        return Stream.iterate(failure, java.util.Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getSQLState())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no failure of the server", failure));
    }

    private void prepare(Row row) {
        if (!state.equals(row.stage())) {
            reopen();
            database.execute("TRUNCATE old.account, fresh.account; DELETE FROM changeover.mark");
            String[] parts = row.stage().split(" ");
            bank.to(Stage.valueOf(parts[0]));
            if (parts.length > 1 && parts[0].equals("RAMP")) {
                bank.percent(Integer.parseInt(parts[1]));
            }
            state = row.stage();
        }
        database.execute("TRUNCATE old.account, fresh.account; DELETE FROM changeover.mark;"
                + "INSERT INTO old.account SELECT k, 'n' || k, 1, 'open' FROM unnest(ARRAY["
                + INSIDE + ", " + OUTSIDE + "]) k;"
                + "INSERT INTO fresh.account SELECT k, 'n' || k, 2, 'open' FROM unnest(ARRAY["
                + INSIDE + ", " + OUTSIDE + "]) k");
        if (row.stage().endsWith("marked")) {
            database.execute("SELECT changeover.mark(number, ARRAY['" + INSIDE
                    + "'], CASE stage WHEN 'RAMP' THEN 'LEGACY' ELSE 'NEW' END, 'TEST') FROM changeover.repository");
        }
        boolean newLeads = row.stage().startsWith("NEW");
        outcomes.clear();
        outcomes.put(newLeads ? "copy legacy" : "legacy", row.legacy());
        outcomes.put(newLeads || !row.operation().startsWith("save") ? "new" : "copy new", row.next());
        calls.clear();
        thrown.clear();
    }

    private void act(String operation, Runnable call) {
        if (operation.contains(" in unit")) {
            unit(null, false, call);
        } else if (operation.contains(" ro") && !operation.contains(" routed")) {
            unit(null, true, call);
        } else if (operation.endsWith(" rr")) {
            unit(Connection.TRANSACTION_REPEATABLE_READ, false, call);
        } else if (operation.endsWith(" serializable")) {
            unit(Connection.TRANSACTION_SERIALIZABLE, false, call);
        } else if (operation.contains(" routed")) {
            dev.changeover.core.Changeover.routedBy(routing(operation.endsWith(" in")), () -> {
                call.run();
                return true;
            });
        } else {
            call.run();
        }
    }

    private void unit(Integer isolation, boolean readOnly, Runnable call) {
        bank.inTransaction(
                new TransactionSettings(
                        TransactionSettings.Propagation.REQUIRED, isolation, null, readOnly, failure -> true),
                () -> {
                    call.run();
                    return true;
                });
    }

    private Object call(String operation) {
        long key = operation.contains("outside") ? OUTSIDE : INSIDE;
        return switch (operation.split(" ")[0]) {
            case "find" -> bank.accounts.find(key);
            case "lookup" -> bank.accounts.byName("n" + key);
            case "query" -> bank.accounts.all();
            case "lock" -> bank.accounts.lock(key);
            default -> bank.accounts.save(new Account(key, "n" + key, 9));
        };
    }

    private static Object expected(String operation, long balance) {
        long key = operation.contains("outside") ? OUTSIDE : INSIDE;
        return switch (operation.split(" ")[0]) {
            case "query" ->
                LongStream.of(INSIDE, OUTSIDE)
                        .sorted()
                        .mapToObj(k -> new Account(k, "n" + k, balance))
                        .toList();
            case "save" -> new Account(key, "n" + key, 9);
            default -> Optional.of(new Account(key, "n" + key, balance));
        };
    }

    // ---- sides that do as the row says

    @SuppressWarnings("unchecked") // the proxy implements the very interface of its target
    private <T> T scripted(Class<? super T> type, T target, String name) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            boolean counts = method.getDeclaringClass() != Object.class
                    && (!name.startsWith("copy") || method.getName().equals("upsert"));
            return counts ? scripted(name, target, method, arguments) : invoke(target, method, arguments);
        });
    }

    private Object scripted(String name, Object target, Method method, Object[] arguments) throws Throwable {
        calls.add(name);
        switch (outcomes.getOrDefault(name, "value")) {
            case "exception" -> throw remember(name, new IllegalStateException(name));
            case "error" -> throw remember(name, new AssertionError(name));
            case "sql" -> run(name, arguments, "SELECT 1 / 0");
            case "slow" ->
                run(name, arguments, name.startsWith("copy") ? "SELECT pg_sleep(1)" : "SELECT pg_sleep(0.02)");
            default -> {}
        }
        Object result = invoke(target, method, arguments);
        return "null".equals(outcomes.get(name)) ? null : result;
    }

    private Throwable remember(String name, Throwable failure) {
        thrown.put(name, failure);
        return failure;
    }

    /** On the connection that the side works on. */
    private void run(String name, Object[] arguments, String sql) throws Exception {
        if (name.startsWith("copy")) {
            try (Statement statement = ((Connection) arguments[0]).createStatement()) {
                statement.execute(sql);
            }
            return;
        }
        try (Connection connection = bank.transactions.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
