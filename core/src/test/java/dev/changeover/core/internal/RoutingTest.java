package dev.changeover.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Changeover;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RoutingTest {

    private static final int KEYS = 100_000;

    @Test
    void bucketsAreUniformForEveryTypeOfKey() {
        Random random = new Random(1);
        uniform(i -> KeyType.LONG.hash(i));
        uniform(i -> KeyType.LONG.hash(i * 1000));
        uniform(i -> KeyType.UUID.hash(new UUID(random.nextLong(), random.nextLong())));
        uniform(i -> KeyType.UUID.hash(new UUID(0x0192_0000_0000_7000L + (i << 16), Long.MIN_VALUE + i)));
        uniform(i -> KeyType.TEXT.hash("tenant-" + i));
    }

    private static void uniform(LongUnaryOperator hash) {
        int[] buckets =
                LongStream.range(0, KEYS).map(hash).mapToInt(Routing::bucket).toArray();
        for (int percent : new int[] {1, 10, 25, 50, 75, 99}) {
            int inside = 0;
            for (int bucket : buckets) {
                inside += Routing.inside(bucket, percent) ? 1 : 0;
            }
            assertThat(inside * 100.0 / KEYS).isCloseTo(percent, Offset.offset(2.0));
        }
    }

    @Test
    void whoIsInsideStaysInsideWhenThePercentageRises() {
        for (int bucket = 0; bucket < 10_000; bucket++) {
            assertThat(Routing.inside(bucket, 0)).isFalse();
            assertThat(Routing.inside(bucket, 100)).isTrue();
            for (int percent = 1; percent <= 100; percent++) {
                if (Routing.inside(bucket, percent - 1)) {
                    assertThat(Routing.inside(bucket, percent)).isTrue();
                }
            }
        }
    }

    @Test
    void aDeniedKeyIsDeniedEvenIfItIsAllowedToo() {
        RepositoryState state =
                new RepositoryState("users", 1, Stage.RAMP, 1, 50, 1, Set.of("a", "b"), Set.of("b"), true, null);
        assertThat(Routing.listed(state, "a")).isTrue();
        assertThat(Routing.listed(state, "b")).isFalse();
        assertThat(Routing.listed(state, "c")).isNull();
    }

    @Test
    void aRoutingKeyEndsWithItsWork() {
        assertThat(Routing.current()).isNull();
        Changeover.routedBy("outer", () -> {
            assertThat(Changeover.<String>routedBy("inner", Routing::current)).isEqualTo("inner");
            return assertThat(Routing.current()).isEqualTo("outer");
        });
        assertThat(Routing.current()).isNull();
    }
}
