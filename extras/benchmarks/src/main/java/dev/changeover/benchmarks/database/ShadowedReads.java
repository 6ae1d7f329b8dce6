package dev.changeover.benchmarks.database;

import dev.changeover.core.Changeover;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.Outcome.Evidence;
import dev.changeover.shadowcompare.ShadowReads;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads of one row by its key, in SHADOW: legacy serves, the other side is asked behind the caller's back. */
final class ShadowedReads implements AutoCloseable {

    /** The port. */
    interface Finder {
        Optional<Account> find(long id);
    }

    /** The port on a store, in the transaction of this thread or by itself. */
    private record StoreFinder(DataSource bound, EntityStore<Long, Account> store) implements Finder {
        @Override
        public Optional<Account> find(long id) {
            try (Connection connection = bound.getConnection()) {
                Map<Long, Account> found = store.find(connection, List.of(id));
                return Optional.ofNullable(found.get(id));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final String title;
    private final Finder finder;
    private final @Nullable ShadowReads shadow;
    private final @Nullable Changeover changeover;
    private long reads;

    private ShadowedReads(String title, Finder finder, @Nullable ShadowReads shadow, @Nullable Changeover changeover) {
        this.title = title;
        this.finder = finder;
        this.shadow = shadow;
        this.changeover = changeover;
    }

    /** The first is what the others are compared with. */
    static List<ShadowedReads> all(Stand stand) {
        return List.of(
                direct(stand),
                routed(stand, "unshadowed", "routed, nothing compared", null),
                routed(stand, "budgeted", "100 % compared, budget of 5 %", builder -> builder),
                routed(stand, "unbounded", "100 % compared, no budget", builder -> builder.budgetPercent(1_000_000)));
    }

    private static ShadowedReads direct(Stand stand) {
        Schemas schemas = stand.schemas("direct");
        DataSource bound = JdbcTransactions.on(stand.pool(1)).dataSource();
        return new ShadowedReads(
                "the legacy method itself", new StoreFinder(bound, AccountStores.jdbc(schemas.old())), null, null);
    }

    private static ShadowedReads routed(
            Stand stand, String name, String title, @Nullable UnaryOperator<ShadowReads.Builder> settings) {
        Schemas schemas = stand.schemas(name);
        JdbcTransactions transactions = JdbcTransactions.on(stand.pool(4));
        EntityStore<Long, Account> old = AccountStores.jdbc(schemas.old());
        EntityStore<Long, Account> fresh = AccountStores.jdbc(schemas.fresh());
        ShadowReads shadow = settings == null
                ? null
                : settings.apply(ShadowReads.builder(transactions)
                                .repository(ComparedRepository.of(name, KeyType.LONG, Account.class, Account::id)
                                        .legacy(old)
                                        .next(fresh)
                                        .build())
                                .samplePercent(100))
                        .build();
        Changeover changeover = Changeover.builder()
                .dataSource(stand.background())
                .transactions(transactions)
                .observer(shadow == null ? ReadObserver.NONE : shadow)
                .start();
        Finder finder = changeover
                .repository(name, Finder.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(new StoreFinder(transactions.dataSource(), old), old)
                .next(new StoreFinder(transactions.dataSource(), fresh), fresh)
                .route(m -> m.reads("find"))
                .build();
        changeover.stages().move(name, Stage.DUAL_WRITE, "benchmark", "benchmark");
        changeover.stages().move(name, Stage.SHADOW, "benchmark", "benchmark");
        return new ShadowedReads(title, finder, shadow, changeover);
    }

    String title() {
        return title;
    }

    void find(long id) {
        reads++;
        if (finder.find(id).isEmpty()) {
            throw new IllegalStateException("row " + id + " is missing");
        }
    }

    /** Returns the share of the reads that were compared; the rest were shed or dropped, and counted. */
    String repeated() {
        return shadow == null
                ? ""
                : String.format(
                        Locale.ROOT, "%.0f %%", 100.0 * shadow.counters().count(Evidence.COMPARED) / reads);
    }

    @Override
    public void close() {
        if (shadow != null) {
            shadow.close();
        }
        if (changeover != null) {
            changeover.close();
        }
    }
}
