package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistoryTest {

    private final History<String, String> history = new History<>(1);

    private History<String, String>.Unit begun(String state) {
        History<String, String>.Unit unit = history.begin();
        unit.write("k", state);
        return unit;
    }

    @Test
    void whatWasAcknowledgedLastIsTheOnlyLegalState() {
        begun("a").acknowledged();
        begun("b").acknowledged();
        assertThat(history.isLegal("k", "b")).isTrue();
        assertThat(history.isLegal("k", "a")).isFalse();
        assertThat(history.isLegal("k", null)).isFalse();
        assertThat(history.possible("k")).containsExactly("b");
        assertThat(history.acknowledged()).isEqualTo(2);
    }

    @Test
    void aKeyThatNobodyWroteIsAbsent() {
        assertThat(history.isLegal("k", null)).isTrue();
        assertThat(history.isLegal("k", "a")).isFalse();
    }

    @Test
    void aWriteOfUnknownOutcomeMayHaveHappenedUntilAnotherIsAcknowledged() {
        begun("a").acknowledged();
        begun("b").unknown();
        assertThat(history.possible("k")).containsExactlyInAnyOrder("a", "b");
        begun("c").acknowledged();
        assertThat(history.possible("k")).containsExactly("c");
        assertThat(history.unknown()).isEqualTo(1);
    }

    @Test
    void aWriteThatWasUndoneNeverHappened() {
        begun("a").acknowledged();
        begun("b").undone();
        assertThat(history.possible("k")).containsExactly("a");
    }

    @Test
    void writesBesideEachOtherMayHaveHappenedInAnyOrder() {
        History<String, String>.Unit first = begun("a");
        History<String, String>.Unit second = begun("b");
        second.acknowledged();
        first.acknowledged();
        assertThat(history.possible("k")).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aReadReturnsWhatWasTrueAtSomeTimeBetweenItsBeginAndItsEnd() {
        begun("a").acknowledged();
        long begin = history.now();
        begun("b").acknowledged();
        long between = history.now();
        History<String, String>.Unit late = begun("c");
        assertThat(history.isLegal("k", "a", begin, between)).isTrue();
        assertThat(history.isLegal("k", "b", begin, between)).isTrue();
        assertThat(history.isLegal("k", "c", begin, between)).isFalse();
        assertThat(history.isLegal("k", "a", between, history.now())).isFalse();
        assertThat(history.isLegal("k", "c", between, history.now())).isTrue();
        late.undone();
    }

    @Test
    void aWriteUnderASnapshotIsAsOldAsTheSnapshot() {
        History<String, String>.Unit removal = history.begin();
        removal.underSnapshot();
        begun("a").acknowledged();
        removal.write("k", null);
        removal.acknowledged();
        assertThat(history.possible("k")).containsExactlyInAnyOrder("a", null);
    }

    @Test
    void theLastStateOfAUnitCounts() {
        History<String, String>.Unit unit = begun("a");
        unit.write("k", "b");
        assertThat(unit.state("k")).isEqualTo("b");
        unit.acknowledged();
        assertThat(history.possible("k")).containsExactly("b");
        assertThat(history.acknowledged()).isEqualTo(1);
    }

    @Test
    void theSeedRepeatsTheChoicesOfEveryActor() {
        assertThat(new History<>(7).random("writer").nextLong())
                .isEqualTo(new History<>(7).random("writer").nextLong())
                .isNotEqualTo(new History<>(7).random("reader").nextLong());
    }

    @Test
    void aCountLiesBetweenWhatIsCertainAndWhatIsPossible() {
        Count count = new Count();
        count.begin(1);
        count.begin(1);
        count.begin(1);
        count.acknowledged(1);
        count.undone(1);
        assertThat(count.least()).isEqualTo(1);
        assertThat(count.most()).isEqualTo(2);
    }
}
