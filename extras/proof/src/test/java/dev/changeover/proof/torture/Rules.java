package dev.changeover.proof.torture;

import dev.changeover.core.EntityStore;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Side;
import dev.changeover.core.control.Control;
import dev.changeover.core.spi.Transactions;
import dev.changeover.testkit.PostgresDatabase;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Where a rule can be taken out of the protocol: the control, the stores, the ports, the library's own SQL, and the
 * functions in the database. The protocol itself exchanges nothing.
 */
record Rules(
        UnaryOperator<Control> control,
        Stored stored,
        BiFunction<Side, Accounts, Accounts> port,
        UnaryOperator<RepositoryBuilder<Accounts, Long, Account>> builder,
        Map<String, String> rewrites,
        UnaryOperator<Transactions> shadow,
        Function<PostgresDatabase, String> sql) {

    static final Rules ALL = new Rules(
            UnaryOperator.identity(),
            Stored.AS_IS,
            (side, port) -> port,
            UnaryOperator.identity(),
            Map.of(),
            UnaryOperator.identity(),
            database -> "");

    /** Exchanges a store. */
    interface Stored {

        Stored AS_IS = new Stored() {
            @Override
            public <V> EntityStore<Long, V> of(Side side, EntityStore<Long, V> store) {
                return store;
            }
        };

        <V> EntityStore<Long, V> of(Side side, EntityStore<Long, V> store);
    }

    Rules withControl(UnaryOperator<Control> value) {
        return new Rules(value, stored, port, builder, rewrites, shadow, sql);
    }

    Rules withStored(Stored value) {
        return new Rules(control, value, port, builder, rewrites, shadow, sql);
    }

    Rules withPort(BiFunction<Side, Accounts, Accounts> value) {
        return new Rules(control, stored, value, builder, rewrites, shadow, sql);
    }

    Rules withBuilder(UnaryOperator<RepositoryBuilder<Accounts, Long, Account>> value) {
        return new Rules(control, stored, port, value, rewrites, shadow, sql);
    }

    /** Replaces this text in the statements; only in those of one thread where its name stands before it. */
    Rules rewriting(String part, String replacement) {
        Map<String, String> more = new java.util.HashMap<>(rewrites);
        more.put(part, replacement);
        return new Rules(control, stored, port, builder, Map.copyOf(more), shadow, sql);
    }

    /** Lets the confirmations of shadow reads run in other transactions. */
    Rules withShadow(UnaryOperator<Transactions> value) {
        return new Rules(control, stored, port, builder, rewrites, value, sql);
    }

    /** Takes a rule out of one of the control functions. */
    Rules mutating(String function, String rule, String replacement) {
        Function<PostgresDatabase, String> before = sql;
        return withSql(database -> {
            String earlier = before.apply(database);
            if (!earlier.isEmpty()) {
                database.execute(earlier); // several rules of one function fall one after the other
            }
            String source = database.queryString("SELECT pg_get_functiondef(('changeover." + function + "')::regproc)");
            if (!source.contains(rule)) {
                throw new IllegalStateException(function + " does not contain " + rule);
            }
            return source.replace(rule, replacement);
        });
    }

    /** Runs this on the database of the round before the first write. */
    Rules withSql(Function<PostgresDatabase, String> value) {
        return new Rules(control, stored, port, builder, rewrites, shadow, value);
    }

    Rules withSql(String value) {
        return withSql(database -> value);
    }
}
