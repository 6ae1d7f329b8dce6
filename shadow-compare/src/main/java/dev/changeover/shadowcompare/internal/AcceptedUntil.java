package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Acceptance;
import dev.changeover.core.StateComparison.Difference;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Marks differences as accepted as long as they are.
 *
 * @param acceptance whose word it is, and until when
 * @param clock tells whether it has expired
 */
public record AcceptedUntil(Acceptance acceptance, Clock clock) {

    Consumer<? super Difference> before(Consumer<? super Difference> differences) {
        return clock.instant().isBefore(acceptance.expiry())
                ? each -> differences.accept(each.acceptedBy(acceptance))
                : differences;
    }
}
