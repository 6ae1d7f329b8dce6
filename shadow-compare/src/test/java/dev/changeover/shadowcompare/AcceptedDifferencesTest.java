package dev.changeover.shadowcompare;

import static dev.changeover.shadowcompare.People.ann;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.StateComparison.Acceptance;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.shadowcompare.People.Address;
import dev.changeover.shadowcompare.People.Person;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptedDifferencesTest {
    private static final Instant EXPIRY = Instant.parse("2026-03-01T00:00:00Z");
    private static final Person CHANGED = Changed.with(
            Changed.with(ann(), "address", new Address("Main Street", new Address("x", null))), "version", 2);

    private static List<Difference> differencesAt(Instant now) {
        return RecordComparison.of(Person.class)
                .accept("address", "ann", "streets are cleaned by new", EXPIRY)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build()
                .differences(ann(), CHANGED);
    }

    @Test
    void whatIsInsideAnAcceptedFieldSaysWhoAcceptsItAndTheRestCounts() {
        List<Difference> found = differencesAt(EXPIRY.minusNanos(1));

        assertThat(found)
                .filteredOn(Difference::counts)
                .extracting(Difference::path)
                .containsExactly("version");
        assertThat(found)
                .filteredOn(each -> !each.counts())
                .extracting(Difference::path)
                .containsExactly("address.street", "address.billing");
        assertThat(found)
                .filteredOn(each -> !each.counts())
                .extracting(Difference::accepted)
                .containsOnly(new Acceptance("ann", "streets are cleaned by new", EXPIRY));
    }

    @Test
    void anExpiredAcceptanceCountsAgain() {
        assertThat(differencesAt(EXPIRY)).hasSize(3).allMatch(Difference::counts);
    }

    @Test
    void nobodyAcceptsWithoutANameAndAReason() {
        RecordComparison.Builder<Person> people = RecordComparison.of(Person.class);

        assertThatThrownBy(() -> people.accept("phone", " ", "x", EXPIRY))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("Person.phone: it is accepted without an owner or a reason. Name both");
        assertThatThrownBy(() -> people.accept("phnoe", "ann", "x", EXPIRY)).hasMessageContaining("no field phnoe");
    }
}
