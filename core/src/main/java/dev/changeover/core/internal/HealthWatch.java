package dev.changeover.core.internal;

import dev.changeover.core.backfill.Health;
import dev.changeover.core.backfill.Health.Verdict;
import dev.changeover.core.backfill.HealthSignal;
import dev.changeover.core.control.SqlTransaction;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Looks at all signals about once a second, whoever of the workers comes by first, and keeps what they say together. */
final class HealthWatch {

    private static final long EVERY_NANOS = 1_000_000_000L;

    private final DataSource dataSource;
    private final List<HealthSignal> signals;
    private final List<String> tables;
    private final LongSupplier nanos;
    private long lookAt;
    private Health health = Health.GOOD;

    HealthWatch(DataSource dataSource, List<HealthSignal> signals, List<String> tables, LongSupplier nanos) {
        this.dataSource = dataSource;
        this.signals = signals;
        this.tables = tables;
        this.nanos = nanos;
        this.lookAt = nanos.getAsLong();
    }

    /** Returns the worst that any signal says, with the reasons of all that say as much. */
    synchronized Health now() {
        long now = nanos.getAsLong();
        if (now - lookAt >= 0) {
            health = worst(signals.stream().map(this::look).toList());
            lookAt = nanos.getAsLong() + EVERY_NANOS;
        }
        return health;
    }

    private Health look(HealthSignal signal) {
        try {
            return SqlTransaction.readCommitted(dataSource, connection -> {
                try (Statement limit = connection.createStatement()) {
                    limit.execute("SET LOCAL statement_timeout = 1000");
                }
                return signal.look(connection, tables);
            });
        } catch (SQLException | RuntimeException e) {
            return new Health(Verdict.UNKNOWN, "a signal failed: " + Redacted.message(e));
        }
    }

    static Health worst(List<Health> all) {
        Verdict worst =
                all.stream().map(Health::verdict).max(Verdict::compareTo).orElse(Verdict.GOOD);
        List<String> reasons = new ArrayList<>();
        all.stream().filter(each -> each.verdict() == worst).map(Health::reason).forEach(reasons::add);
        return new Health(worst, reasons.stream().distinct().collect(Collectors.joining("; ")));
    }
}
