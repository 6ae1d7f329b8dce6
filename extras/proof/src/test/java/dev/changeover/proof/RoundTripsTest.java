package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.testkit.FaultProxy;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the protocol costs in round trips. The numbers may fall; a rise has to be meant. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class RoundTripsTest {

    @Test
    @Guarantee("G3")
    void aRoutedWriteAddsTwoRoundTripsToThoseOfBothSides(PostgresDatabase database) {
        try (FaultProxy proxy = database.proxy();
                Bank bank = Bank.open(
                        Sources.apart(database.pool(4), database.pool(database.dataSource(proxy), 1)),
                        Bank.Parts.DEFAULTS.withSettings(Settings.DEFAULTS.withLease(Duration.ofSeconds(60))))) {
            long plain = trips(bank, proxy, () -> bank.legacy.save(new Account(1, "a", 1)));
            long stateRead = trips(bank, proxy, () -> bank.legacy.find(1));
            long legacyOnly = trips(bank, proxy, () -> bank.accounts.save(new Account(1, "a", 1)));
            bank.to(Stage.DUAL_WRITE);
            long dual = trips(bank, proxy, () -> bank.accounts.save(new Account(1, "a", 1)));
            long marked = trips(bank, proxy, () -> {
                bank.accounts.save(new Account(1, "a", 2));
                return bank.accounts.save(new Account(1, "a", 3));
            });
            long added = dual - plain - 2; // the read of the state and the upsert are the follower's own
            System.out.printf(
                    "trips plain=%d read=%d legacy_only=%d dual_write=%d two_writes=%d added=%d%n",
                    plain, stateRead, legacyOnly, dual, marked, added);
            assertThat(legacyOnly - plain).isLessThanOrEqualTo(1);
            assertThat(added).isLessThanOrEqualTo(2);
        }
    }

    /** The second run counts, when the connection is open and its statements are known. */
    private static long trips(Bank bank, FaultProxy proxy, java.util.concurrent.Callable<?> work) {
        for (int i = 0; i < 6; i++) {
            bank.inTransaction(work::call);
        }
        proxy.resetCounts();
        bank.inTransaction(work::call);
        return proxy.roundTrips();
    }
}
