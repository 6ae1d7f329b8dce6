package dev.changeover.shadowcompare;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What shadow reads, verification and repair have to know of one repository.
 *
 * <pre>{@code
 * ComparedRepository<UUID, User> users = ComparedRepository.of("users", KeyType.UUID, User.class, User::id)
 *         .legacy(legacyUserStore).next(newUserStore)
 *         .compare(RecordComparison.of(User.class).build())
 *         .operation("page", results -> results.pages(Page.class, Page::content, Page::total))
 *         .build();
 * }</pre>
 *
 * @param <K> the key
 * @param <V> the entity
 */
public final class ComparedRepository<K, V> {
    private final String name;
    private final KeyType<K> keyType;
    private final EntityStore<K, V> legacy;
    private final EntityStore<K, V> next;
    private final StateComparison<V> states;
    private final ResultComparison<K, V> results;
    private final Map<String, ResultComparison<K, V>> operations;

    private ComparedRepository(Builder<K, V> builder, EntityStore<K, V> legacy, EntityStore<K, V> next) {
        this.name = builder.name;
        this.keyType = builder.keyType;
        this.legacy = legacy;
        this.next = next;
        this.states = builder.states;
        this.results = ResultComparison.of(builder.type, builder.key, states);
        Map<String, ResultComparison<K, V>> declared = new HashMap<>();
        builder.operations.forEach((operation, change) -> declared.put(operation, change.apply(results)));
        this.operations = Map.copyOf(declared);
    }

    /**
     * Starts the description of a repository.
     *
     * @param name the name under which it is registered
     * @param type the entity that both stores speak
     */
    public static <K, V> Builder<K, V> of(
            String name, KeyType<K> keyType, Class<V> type, Function<? super V, ? extends K> key) {
        return new Builder<>(name, keyType, type, key);
    }

    /** Returns the name under which the repository is registered. */
    public String name() {
        return name;
    }

    KeyType<K> keyType() {
        return keyType;
    }

    EntityStore<K, V> store(Side side) {
        return side == Side.LEGACY ? legacy : next;
    }

    StateComparison<V> states() {
        return states;
    }

    ResultComparison<K, V> results(String operation) {
        return operations.getOrDefault(operation, results);
    }

    /**
     * Collects what belongs to one repository.
     *
     * @param <K> the key
     * @param <V> the entity
     */
    public static final class Builder<K, V> {
        private final String name;
        private final KeyType<K> keyType;
        private final Class<V> type;
        private final Function<? super V, ? extends K> key;
        private final Map<String, UnaryOperator<ResultComparison<K, V>>> operations = new HashMap<>();
        private @Nullable EntityStore<K, V> legacy;
        private @Nullable EntityStore<K, V> next;
        private StateComparison<V> states = StateComparison.byEquals();

        private Builder(String name, KeyType<K> keyType, Class<V> type, Function<? super V, ? extends K> key) {
            this.name = name;
            this.keyType = keyType;
            this.type = type;
            this.key = key;
        }

        /** Names the store of the legacy side. */
        public Builder<K, V> legacy(EntityStore<K, V> store) {
            this.legacy = store;
            return this;
        }

        /** Names the store of the new side. */
        public Builder<K, V> next(EntityStore<K, V> store) {
            this.next = store;
            return this;
        }

        /** Names the rules by which two states are compared; equality without it. */
        public Builder<K, V> compare(StateComparison<V> comparison) {
            this.states = comparison;
            return this;
        }

        /** Declares how the results of one operation are compared, where the default does not do. */
        public Builder<K, V> operation(String operation, UnaryOperator<ResultComparison<K, V>> change) {
            operations.put(operation, change);
            return this;
        }

        /** Builds the description. */
        public ComparedRepository<K, V> build() {
            return new ComparedRepository<>(this, given(legacy, "legacy"), given(next, "next"));
        }

        private EntityStore<K, V> given(@Nullable EntityStore<K, V> store, String side) {
            if (store == null) {
                throw new ConfigurationException(
                        name + "." + side, "the store is not given", "Name it with ." + side + "(store)");
            }
            return store;
        }
    }
}
