package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Side;
import dev.changeover.core.WatchedTable;
import dev.changeover.core.backfill.Finding;
import dev.changeover.core.backfill.Finding.Severity;
import dev.changeover.core.backfill.Preflight;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tries a backfill without doing it: each chunk is mapped and copied in a transaction that is rolled back. Keys are locked
 * as a copy would, so that a live writer of such a key marks it instead of waiting.
 */
final class PreflightRun<K, V> {

    private static final int CHUNK = 250;
    private static final int LOCK_MILLIS = 100;

    private final Sides<?, K, V> sides;
    private final DataSource dataSource;
    private final long most;
    private final LongConsumer progress;
    private final Findings findings = new Findings();
    private final List<UniqueHashes> unique = new ArrayList<>();
    private boolean tries;
    private long busy;

    /**
     * @param most at most so many keys
     * @param progress told how many keys were tried
     */
    PreflightRun(Sides<?, K, V> sides, DataSource dataSource, long most, LongConsumer progress) {
        this.sides = sides;
        this.dataSource = dataSource;
        this.most = most;
        this.progress = progress;
    }

    /** What is done with the keys of a chunk, before it is rolled back. */
    private interface Step {
        void on(Connection connection, CopyTransaction copy, List<String> locked) throws SQLException;
    }

    Preflight run() throws SQLException {
        long rows = prepare();
        MissingRows<K, V> missing = SqlTransaction.readCommitted(dataSource, c -> MissingRows.of(sides, c));
        long start = System.nanoTime();
        long walked = walk((connection, copy, locked) -> attempt(connection, copy, locked, missing));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        duplicates(missing);
        if (busy > 0) {
            findings.add(new Finding(
                    Severity.INFO,
                    "keys that a writer held and that were not tried",
                    busy,
                    List.of(),
                    "Nothing to do"));
        }
        boolean complete = walked < most;
        long known = complete ? walked : Math.max(rows, walked);
        Duration estimated =
                walked == 0 ? Duration.ZERO : took.multipliedBy(known).dividedBy(walked);
        return new Preflight(sides.name(), known, walked, complete, estimated, findings.sorted());
    }

    private long prepare() throws SQLException {
        return SqlTransaction.readCommitted(dataSource, connection -> {
            CatalogFindings.of(connection, sides.legacyStore(), sides.nextStore(), findings);
            CatalogFindings.parents(connection, sides.name(), findings);
            tries = SequenceFindings.of(connection, sides.nextStore(), greatestKey(connection), findings);
            List<WatchedTable> known = sides.nextStore().watchedTables();
            for (WatchedTable table : known) {
                unique.addAll(UniqueHashes.of(connection, table));
            }
            if (known.isEmpty()) {
                findings.add(new Finding(
                        Severity.WARN,
                        "duplicates were looked for within chunks alone, since the store of new names no key columns",
                        1,
                        List.of(),
                        "Implement watchedTables() of the store"));
            }
            return sides.legacyStore().estimatedCount(connection);
        });
    }

    /** Walks in large steps to the last key, where keys are numbers. */
    private long greatestKey(Connection connection) throws SQLException {
        K last = null;
        for (List<K> keys = nextKeys(connection, null); !keys.isEmpty(); keys = nextKeys(connection, last)) {
            last = keys.get(keys.size() - 1);
        }
        return last instanceof Number number ? number.longValue() : 0;
    }

    private List<K> nextKeys(Connection connection, @Nullable K after) throws SQLException {
        return sides.keyType().javaType() == Long.class
                ? sides.legacyStore().keysAfter(connection, after, 50_000)
                : List.of();
    }

    /** Returns how many keys it came by. */
    private long walk(Step step) throws SQLException {
        K after = null;
        long walked = 0;
        while (walked < most) {
            K from = after;
            int limit = (int) Math.min(CHUNK, most - walked);
            List<K> keys = SqlTransaction.readCommitted(dataSource, connection -> chunk(connection, from, limit, step));
            walked += keys.size();
            progress.accept(walked);
            if (keys.size() < limit) {
                break;
            }
            after = keys.get(keys.size() - 1);
            if (Thread.currentThread().isInterrupted()) {
                throw new ChangeoverException(sides.name() + ": the preflight was interrupted");
            }
        }
        return walked;
    }

    private List<K> chunk(Connection connection, @Nullable K after, int limit, Step step) throws SQLException {
        try {
            CopyTransaction copy = CopyTransaction.trial(connection, sides.number(), Side.NEW, LOCK_MILLIS);
            List<K> keys = sides.legacyStore().keysAfter(connection, after, limit);
            if (!keys.isEmpty()) {
                List<String> locked = copy.tryLock(sides.encode(keys));
                busy += keys.size() - locked.size();
                step.on(connection, copy, locked);
            }
            return keys;
        } finally {
            connection.rollback();
        }
    }

    private void attempt(Connection connection, CopyTransaction copy, List<String> locked, MissingRows<K, V> missing)
            throws SQLException {
        halving(
                copy,
                locked,
                keys -> {
                    copyAll(connection, copy, keys, missing);
                    for (UniqueHashes index : unique) {
                        index.keep(connection, keys);
                    }
                },
                findings::failed);
    }

    private void copyAll(Connection connection, CopyTransaction copy, List<String> keys, MissingRows<K, V> missing)
            throws SQLException {
        sides.legacyStore()
                .find(connection, keys.stream().map(sides.keyType()::decode).toList());
        if (tries) {
            missing.insert(connection, copy, keys);
        }
    }

    /** Something that is done with keys and may fail. */
    private interface Keys {
        void on(List<String> keys) throws SQLException;
    }

    /** Who hears of a key that fails alone. */
    private interface Failed {
        void of(String key, Throwable failure);
    }

    private void halving(CopyTransaction copy, List<String> keys, Keys work, Failed failed) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try {
            copy.inSavepoint(() -> work.on(keys));
        } catch (SQLException | RuntimeException e) {
            SQLException lost = SqlStates.lostConnection(e);
            if (lost != null) {
                throw lost;
            }
            if (SqlStates.isStatementError(e)) {
                findings.add(new Finding(
                        Severity.FAIL,
                        "copies fail whatever they copy (" + Redacted.message(e) + "), so that no more were tried",
                        1,
                        List.of(),
                        "Look at the statement and the tables of new"));
                tries = false;
            } else if (keys.size() == 1) {
                failed.of(keys.get(0), e);
            } else {
                int half = keys.size() / 2;
                halving(copy, keys.subList(0, half), work, failed);
                halving(copy, keys.subList(half, keys.size()), work, failed);
            }
        }
    }

    /** Which keys share a value is asked only if any do. */
    private void duplicates(MissingRows<K, V> missing) throws SQLException {
        List<UniqueHashes> twice = new ArrayList<>();
        for (UniqueHashes index : unique) {
            if (index.full()) {
                findings.add(new Finding(
                        Severity.WARN,
                        "duplicates were looked for among the first rows alone (" + index.name() + ")",
                        1,
                        List.of(),
                        "Look for the others by SQL"));
            }
            if (index.count() > 0) {
                twice.add(index);
            }
        }
        if (!twice.isEmpty()) {
            walk((connection, copy, locked) -> halving(
                    copy,
                    locked,
                    keys -> {
                        copyAll(connection, copy, keys, missing);
                        for (UniqueHashes index : twice) {
                            index.share(connection, keys);
                        }
                    },
                    (key, failure) -> {}));
        }
        twice.forEach(this::report);
    }

    private void report(UniqueHashes index) {
        for (String key : index.shared()) {
            findings.add(
                    Severity.FAIL,
                    "duplicates (" + index.name() + ")",
                    key,
                    "Let the mapping make them different, by something that never changes; else mend the rows");
        }
    }
}
