package dev.changeover.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.control.MarkedKeys;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MarkCacheTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 50); // nanoTime may overflow
    private final MarkCache cache = new MarkCache(Duration.ofNanos(100), clock::get);

    private void answer(String... keys) {
        cache.answered(new MarkedKeys(Set.of(keys), true, keys.length > 0), clock.get());
    }

    @Test
    void itCannotTellBeforeTheFirstAnswer() {
        assertThat(cache.lacks("1")).isNull();
    }

    @Test
    void itTellsWhatWasMarkedWhenItAsked() {
        answer("1");
        assertThat(cache.lacks("1")).isTrue();
        assertThat(cache.lacks("2")).isFalse();
        assertThat(cache.lacks(null)).isTrue();
        answer();
        assertThat(cache.lacks(null)).isFalse();
    }

    @Test
    void anAnswerThatIsOlderThanTheBoundIsNotUsed() {
        answer("1");
        clock.addAndGet(100);
        assertThat(cache.lacks("2")).isFalse();
        clock.addAndGet(1);
        assertThat(cache.lacks("2")).isNull();
        assertThat(cache.lacks(null)).isNull();
    }

    @Test
    void anOwnMarkCountsAtOnceAndUntilAnAnswerIsNewer() {
        answer();
        long asked = clock.get();
        clock.incrementAndGet();
        cache.marked(List.of("1"));
        assertThat(cache.lacks("1")).isTrue();
        assertThat(cache.lacks(null)).isTrue();

        cache.answered(new MarkedKeys(Set.of(), true, false), asked); // asked before the mark was committed
        assertThat(cache.lacks("1")).isTrue();

        clock.incrementAndGet();
        answer();
        assertThat(cache.lacks("1")).isFalse();
    }

    @Test
    void itCannotTellAfterMarksThatItDoesNotKnowUntilAnAnswerIsNewer() {
        answer();
        cache.distrust();
        assertThat(cache.lacks("1")).isNull();
        answer(); // asked in the same instant
        assertThat(cache.lacks("1")).isNull();
        clock.incrementAndGet();
        answer();
        assertThat(cache.lacks("1")).isFalse();
    }

    @Test
    void itKeepsABoundedNumberOfKeys() {
        answer();
        cache.marked(
                IntStream.range(0, MarkCache.MOST + 1).mapToObj(String::valueOf).toList());
        assertThat(cache.lacks("1")).isNull();
        clock.incrementAndGet();
        cache.answered(new MarkedKeys(Set.of("1"), false, true), clock.get());
        assertThat(cache.lacks("2")).isNull();
    }
}
