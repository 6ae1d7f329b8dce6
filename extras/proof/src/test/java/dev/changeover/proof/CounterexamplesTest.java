package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every schedule that is known to break a naive protocol is played, and seen to break the library without its rule. */
class CounterexamplesTest {

    private static final List<Class<?>> SCHEDULES = List.of(
            CopyScheduleTest.class,
            FoldedScheduleTest.class,
            FenceScheduleTest.class,
            MarkScheduleTest.class,
            BackfillScheduleTest.class,
            ReadScheduleTest.class,
            ReturnScheduleTest.class,
            RehearsalScheduleTest.class,
            CallerScheduleTest.class,
            UnsavedChangeTest.class,
            SentinelScheduleTest.class);

    private static final String[] REQUIRED = {
        "read-then-lock",
        "no-key-lock",
        "fence-in-one-statement",
        "coalescing-marks",
        "watermark-marks",
        "updated-at-guard",
        "unlocked-backfill",
        "unfenced-copy",
        "entry-remembered",
        "enter-one-statement",
        "authority-throws",
        "read-modify-write",
        "stale-return",
        "rehearse-on-stale",
        "repeatable-read-copier",
        "repeatable-read-writer",
        "serializable-writer",
        "hidden-by-policy",
        "deferred-constraint",
        "leaking-setting",
        "cycle-through-follower",
        "cycle-late",
        "parent-behind",
        "proxy-rollback-only",
        "lossy-way-back",
        "lock-table-full",
        "poison-row",
        "phase-dependent-order",
        "long-transaction",
        "dirty-after-flip",
        "foreign-in-flight",
        "transaction-wide-sign",
        "null-sign",
        "global-sign",
        "aborted-at-the-throw",
        "asked-once",
        "blind-cache"
    };

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyNameHasItsTestAndItsMutant(boolean mutant) {
        assertThat(played(mutant)).containsExactlyInAnyOrder(REQUIRED);
    }

    private static Set<String> played(boolean mutant) {
        return SCHEDULES.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .flatMap(method -> Stream.ofNullable(method.getAnnotation(Counterexample.class)))
                .filter(counterexample -> counterexample.mutant() == mutant)
                .map(Counterexample::value)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
