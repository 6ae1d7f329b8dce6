package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.KeyState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Adds up what the ranges show. Counts are exact; lists of keys are bounded. */
final class VerificationTally<K> {
    private final ComparedRepository<K, ?> repository;
    private final int listed;
    private final List<KeyDivergence<K>> divergences = new ArrayList<>();
    private final Map<String, Long> fields = new TreeMap<>();
    private final Map<String, Long> forgiven = new TreeMap<>();
    private final Set<K> marked = new LinkedHashSet<>();
    private final FoundKeys found;
    private long markedUnlisted;
    private long legacy;
    private long next;
    private long equal;
    private long accepted;
    private long different;
    private long missing;
    private long extra;
    private long unmappable;

    VerificationTally(ComparedRepository<K, ?> repository, int listed, FoundKeys found) {
        this.repository = repository;
        this.listed = listed;
        this.found = found;
    }

    /** Goes on where an earlier run has stopped. */
    void restore(VerificationRecord.Restored<K> state) {
        VerificationCounts counts = state.counts();
        legacy = counts.legacy();
        next = counts.next();
        equal = counts.equal();
        accepted = counts.accepted();
        different = counts.different();
        missing = counts.missing();
        extra = counts.extra();
        unmappable = counts.unmappable();
        fields.putAll(state.fields());
        forgiven.putAll(state.forgiven());
        marked.addAll(state.marked());
        markedUnlisted = Math.max(0, counts.marked() - marked.size());
    }

    /** Adds keys that both sides have and have equally. */
    void addClean(long keys) {
        legacy += keys;
        next += keys;
        equal += keys;
    }

    /** Adds the keys of one snapshot, and returns the divergences among them. */
    List<Divergence> add(KeyStates<K> states, Instant at) {
        List<Divergence> all = new ArrayList<>();
        states.keys().forEach((key, state) -> {
            if (state.is(Status.MARKED)) {
                addMarked(key);
            } else {
                addJudged(key, state, states.control().authority());
                all.addAll(divergences(key, state, states.control(), at));
            }
        });
        return all;
    }

    boolean anyMarked() {
        return !marked.isEmpty();
    }

    /** Forgets the keys that were marked, for another look at them. */
    List<K> takeMarked() {
        List<K> taken = List.copyOf(marked);
        marked.clear();
        return taken;
    }

    /** Another look at these keys is over. */
    void lookedAgain(Collection<K> keys) {
        keys.forEach(key -> found.lookedAgain(repository.keyType().encode(key)));
    }

    void putBack(Collection<K> keys) {
        marked.addAll(keys);
    }

    VerificationCounts counts() {
        return new VerificationCounts(
                legacy, next, equal, different, missing, extra, unmappable, marked.size() + markedUnlisted, accepted);
    }

    Map<String, Long> fields() {
        return fields;
    }

    Map<String, Long> forgiven() {
        return forgiven;
    }

    List<KeyDivergence<K>> listed() {
        return divergences;
    }

    private void addMarked(K key) {
        if (marked.size() < listed) {
            marked.add(key);
            found.marked(repository.keyType().encode(key));
        } else {
            markedUnlisted++;
        }
    }

    private void addJudged(K key, KeyState state, Side authority) {
        legacy += state.legacy() ? 1 : 0;
        next += state.next() ? 1 : 0;
        state.forgiving().forEach(rule -> forgiven.merge(rule, 1L, Long::sum));
        boolean leads = authority == Side.LEGACY ? state.legacy() : state.next();
        boolean follows = authority == Side.LEGACY ? state.next() : state.legacy();
        if (state.differences().isEmpty()) {
            // a key that is gone from both sides since its range was listed is no key
            equal += leads ? 1 : 0;
        } else if (!Difference.anyCounts(state.differences())) {
            accepted++;
        } else if (state.differences().get(0).kind() == Kind.ERROR) {
            unmappable++;
        } else if (leads && follows) {
            different++;
        } else {
            missing += leads ? 1 : 0;
            extra += follows ? 1 : 0;
        }
        if (Difference.anyCounts(state.differences()) && divergences.size() < listed) {
            divergences.add(new KeyDivergence<>(key, state.differences()));
        }
    }

    private List<Divergence> divergences(K key, KeyState state, Control control, Instant at) {
        String text = repository.keyType().encode(key);
        List<Divergence> all = state.differences().stream()
                .filter(Difference::counts)
                .map(each -> new Divergence(repository.name(), "verify", text, each, control.epoch(), at))
                .toList();
        Set<String> paths = all.stream().map(Divergence::pathPattern).collect(Collectors.toSet());
        paths.forEach(path -> fields.merge(path, 1L, Long::sum));
        if (!paths.isEmpty()) {
            found.differs(text, paths);
        }
        return all;
    }
}
