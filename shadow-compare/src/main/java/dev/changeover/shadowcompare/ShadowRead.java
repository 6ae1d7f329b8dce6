package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Repeats one read on the other side, in a transaction of its own, and decides what a difference means. */
final class ShadowRead<K, V> {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final ComparedRepository<K, V> repository;
    private final Transactions transactions;
    private final Confirmation<K, V> confirmation;
    private final CircuitBreaker breaker;
    private final Deadlines deadlines;
    private final Duration deadline;
    private final int attempts;
    private final BooleanSupplier coin;
    private final BooleanSupplier rereads;

    ShadowRead(
            ComparedRepository<K, V> repository, ShadowSettings settings, CircuitBreaker breaker, Deadlines deadlines) {
        this.repository = repository;
        this.transactions = settings.transactions();
        this.confirmation = new Confirmation<>(repository, settings);
        this.breaker = breaker;
        this.deadlines = deadlines;
        this.deadline = settings.deadline();
        this.attempts = settings.attempts();
        this.coin = settings.coin();
        this.rereads = settings.rereads();
    }

    /** @param noise where a second answer of the serving side is counted */
    Finding compare(ObservedRead read, Noise noise) {
        Answer served = Answer.served(read);
        if (served.unusable()) {
            return Finding.of(Outcome.ERROR);
        }
        if (!breaker.tryAcquirePermission()) {
            return Finding.of(Outcome.SHED);
        }
        Answer other = rereads.getAsBoolean() ? besideItself(read, served, noise) : guarded(read);
        if (other.unusable()) {
            return Finding.of(Outcome.ERROR);
        }
        ResultDifferences<K> suspected = served.differences(repository.results(read.operation()), other);
        if (suspected.isEmpty()) {
            return Finding.of(Outcome.MATCH);
        }
        return suspected.anyCounts() ? confirm(read, suspected) : Finding.of(Outcome.ACCEPTED);
    }

    /** Asks the serving side once more, before or after the other. */
    private Answer besideItself(ObservedRead read, Answer served, Noise noise) {
        boolean servedFirst = coin.getAsBoolean();
        Answer before = servedFirst ? timed(read, read.served()) : null;
        Answer other = guarded(read);
        Answer again = before != null ? before : timed(read, read.served());
        if (!again.unusable() && !other.unusable()) {
            boolean differs = !served.differences(repository.results(read.operation()), again)
                    .isEmpty();
            noise.add(again, differs, other);
        }
        return other;
    }

    /** An exception that answers the question is no failure of the side. */
    private Answer guarded(ObservedRead read) {
        long start = breaker.getCurrentTimestamp();
        Answer answer = timed(read, read.served().other());
        long took = breaker.getCurrentTimestamp() - start;
        TimeUnit unit = breaker.getTimestampUnit();
        if (answer.unusable()) {
            breaker.onError(took, unit, Objects.requireNonNull(answer.failure()));
        } else {
            breaker.onSuccess(took, unit);
        }
        return answer;
    }

    private Answer timed(ObservedRead read, Side side) {
        try {
            return Answer.of(() -> deadlines.within(deadline, () -> repeat(read, side)));
        } catch (Throwable e) {
            return Answer.failed(e);
        }
    }

    private @Nullable Object repeat(ObservedRead read, Side side) throws Exception {
        return transactions.required(TransactionSettings.READ_ONLY, () -> {
            limitStatements();
            return read.again().on(side);
        });
    }

    private void limitStatements() throws SQLException {
        UnitOfWork unit = Objects.requireNonNull(transactions.current(), "required() left no active transaction");
        try (PreparedStatement limit =
                unit.connection().prepareStatement("SELECT set_config('statement_timeout', ?, true)")) {
            limit.setString(1, Long.toString(deadline.toMillis()));
            limit.execute();
        }
    }

    private Finding confirm(ObservedRead read, ResultDifferences<K> suspected) {
        for (int attempt = 1; ; attempt++) {
            Finding finding = look(read, suspected);
            if (finding.outcome() != Outcome.UNCONFIRMED || attempt >= attempts) {
                return finding;
            }
            LockSupport.parkNanos(PAUSE.toNanos() * attempt);
        }
    }

    private Finding look(ObservedRead read, ResultDifferences<K> suspected) {
        try {
            return deadlines.within(deadline, () -> confirmation.look(read, suspected));
        } catch (Throwable e) {
            return Finding.of(Failures.ofMachinery(e) ? Outcome.UNCONFIRMED : Outcome.ERROR);
        }
    }
}
