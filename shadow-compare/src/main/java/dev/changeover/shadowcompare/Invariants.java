package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.shadowcompare.InvariantResult.State;
import dev.changeover.shadowcompare.internal.PlainText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** The invariants of a verification, all judged in one snapshot in which no key is marked. */
final class Invariants {
    private static final int SHOWN = 400;

    private final DataSource dataSource;
    private final String repository;
    private final List<Invariant> declared;
    private List<InvariantResult> results;

    Invariants(DataSource dataSource, String repository, List<Invariant> declared) {
        this.dataSource = dataSource;
        this.repository = repository;
        this.declared = declared;
        this.results = declared.stream()
                .map(each -> new InvariantResult(each.name(), State.NOT_JUDGED, "", ""))
                .toList();
    }

    List<InvariantResult> results() {
        return results;
    }

    boolean any(State state) {
        return results.stream().anyMatch(each -> each.state() == state);
    }

    /** Tries as often as marked keys are looked at again. */
    void judge(VerificationSettings<?> settings, BooleanSupplier stops) throws SQLException {
        for (int round = 0;
                any(State.NOT_JUDGED) && round <= settings.recheckRounds() && !stops.getAsBoolean();
                round++) {
            if (round > 0) {
                LockSupport.parkNanos(settings.recheckPause().toNanos());
            }
            results = SqlTransaction.snapshot(dataSource, connection -> {
                Control control = Control.read(connection, repository, List.of(), settings.timeout());
                return control.anyMarks() ? results : judged(connection);
            });
        }
    }

    private List<InvariantResult> judged(Connection connection) throws SQLException {
        List<InvariantResult> judged = new ArrayList<>();
        for (Invariant each : declared) {
            String legacy = each.check().on(connection, Side.LEGACY);
            String next = each.check().on(connection, Side.NEW);
            judged.add(new InvariantResult(
                    each.name(),
                    legacy.equals(next) ? State.HOLDS : State.BROKEN,
                    PlainText.of(legacy, SHOWN),
                    PlainText.of(next, SHOWN)));
        }
        return judged;
    }
}
