package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.UnmappableRowException;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.request.KeyRouting;
import dev.changeover.core.request.RequestResult;
import dev.changeover.shadowcompare.internal.PlainText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All that is known of one key in one snapshot: where it is read from, what both sides have, what is under way. */
final class Explanation {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Explanation() {}

    static <K, V> RequestResult of(ComparedRepository<K, V> repository, Connection connection, K key)
            throws SQLException {
        KeyStates<K> states = KeyStates.read(repository, connection, List.of(key), LIMIT);
        KeyState both = Objects.requireNonNull(states.keys().get(key));
        Control control = states.control();
        ExplainQuery query = new ExplainQuery(
                connection, control.number(), repository.keyType().encode(key));
        RepositoryState state = query.state(control, repository.name());
        List<Map<String, Object>> marks = query.marks();
        boolean lacking = !marks.isEmpty() && !control.shared();
        KeyRouting routing = KeyRouting.of(state, repository.keyType(), key, lacking);
        return RequestResult.done()
                .with("key", PlainText.of(repository.keyType().encode(key), PlainText.VALUE))
                .with("stage", state.stage())
                .with("epoch", state.epoch())
                .with("percent", state.percent())
                .with("bucket", routing.bucket())
                .with("readFrom", routing.side())
                .with("why", routing.why())
                .with("marks", marks)
                .with("parked", query.attempt())
                .with("legacy", side(repository, connection, Side.LEGACY, key))
                .with("new", side(repository, connection, Side.NEW, key))
                .with(
                        "differences",
                        both.differences().stream().map(Explanation::difference).toList())
                .with("status", both.status())
                .with("backfilled", state.backfilled())
                .with("stale", state.stale());
    }

    private static <K, V> Map<String, Object> side(
            ComparedRepository<K, V> repository, Connection connection, Side side, K key) throws SQLException {
        try {
            V found = repository.store(side).find(connection, List.of(key)).get(key);
            return Map.of("found", found != null, "fields", found == null ? Map.of() : fields(repository, found));
        } catch (UnmappableRowException e) {
            return Map.of("found", true, "fields", Map.of(), "unmappable", e.table() + "." + e.column());
        }
    }

    /** Only a comparison that knows the fields knows which of them are safe to show. */
    private static <K, V> Map<String, String> fields(ComparedRepository<K, V> repository, V found) {
        Map<String, String> plain = new LinkedHashMap<>();
        if (repository.states() instanceof RecordComparison<V> records) {
            records.shown(found)
                    .forEach((path, value) ->
                            plain.put(PlainText.of(path, PlainText.PATH), PlainText.of(value, PlainText.VALUE)));
        }
        return plain;
    }

    static Map<String, @Nullable Object> difference(Difference difference) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("path", PlainText.of(difference.path(), PlainText.PATH));
        values.put("kind", difference.kind());
        values.put("authority", PlainText.of(difference.authority(), PlainText.VALUE));
        values.put("follower", PlainText.of(difference.follower(), PlainText.VALUE));
        values.put("accepted", difference.counts() ? null : String.valueOf(difference.accepted()));
        return values;
    }
}
