package dev.changeover.benchmarks.micro;

import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.DivergenceLog;
import dev.changeover.shadowcompare.RecordComparison;
import dev.changeover.shadowcompare.ShadowReads;

/** Changeover in SHADOW with every read handed over, over a gate. */
final class ShadowedLibrary implements HandOff {

    private final GatedUsers next = new GatedUsers();
    private final ShadowReads shadow;
    private final Library library;
    private final Users users;

    ShadowedLibrary() {
        NoTransactions transactions = new NoTransactions();
        ComparedRepository<Long, User> repository = ComparedRepository.of(
                        Library.NAME, KeyType.LONG, User.class, User::id)
                .legacy(new NoStore())
                .next(new NoStore())
                .compare(RecordComparison.of(User.class).build())
                .build();
        shadow = ShadowReads.builder(transactions)
                .repository(repository)
                .samplePercent(100)
                .queueCapacity(QUEUE)
                .divergences(DivergenceLog.NONE)
                .build();
        library = new Library(Stage.SHADOW, transactions, shadow, new HashUsers(), next);
        users = library.byHand();
    }

    @Override
    public User find(Long id) {
        return users.find(id);
    }

    @Override
    public boolean idle() {
        return shadow.idle();
    }

    @Override
    public GatedUsers gate() {
        return next;
    }

    /** Fails if reads were dropped or differed: then something else was measured. */
    @Override
    public void close() {
        shadow.counters()
                .operations()
                .forEach(counts -> counts.counts().keySet().stream()
                        .filter(outcome -> !outcome.name().equals("MATCH"))
                        .forEach(outcome -> {
                            throw new IllegalStateException("Not only matches: " + counts);
                        }));
        shadow.close();
        library.close();
    }
}
