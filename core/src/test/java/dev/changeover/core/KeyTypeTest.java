package dev.changeover.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyTypeTest {

    private static UUID uuid(String first) {
        return UUID.fromString(first + "-0000-0000-0000-000000000000");
    }

    @Test
    void uuidsAreOrderedUnsignedAsTheServerDoes() {
        UUID small = uuid("00000001");
        UUID middle = uuid("7fffffff");
        UUID large = uuid("80000000");
        UUID lowLarge = new UUID(1, -1);
        UUID lowSmall = new UUID(1, 1);

        assertThat(Stream.of(large, middle, small).sorted(KeyType.UUID.order())).containsExactly(small, middle, large);
        assertThat(KeyType.UUID.order().compare(lowSmall, lowLarge)).isNegative();
        assertThat(KeyType.UUID.order().compare(large, uuid("80000000"))).isZero();
        assertThat(large).as("Java's own order is signed").isLessThan(small);
    }

    @Test
    void textIsOrderedByItsBytes() {
        List<String> texts = new ArrayList<>(List.of(
                "",
                "a",
                "B",
                "b",
                "Z",
                "\u00e4",
                "_",
                "a b",
                "ab",
                "\ud7ff",
                "\ue000",
                "\uffe6",
                "\ud83d\ude00",
                "\ud83d\ude01",
                "\udbff\udfff",
                "a\uffe6",
                "a\ud83d\ude00"));
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            int[] points = random.ints(random.nextInt(4), 0, Character.MAX_CODE_POINT + 1)
                    .filter(point -> point < 0xd800 || point > 0xdfff)
                    .toArray();
            texts.add(new String(points, 0, points.length));
        }
        Comparator<String> bytes =
                Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

        List<String> expected = texts.stream().sorted(bytes).toList();
        assertThat(texts.stream().sorted(KeyType.TEXT.order())).isEqualTo(expected);
    }

    @Test
    void numbersAreOrderedSigned() {
        assertThat(Stream.of(1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE).sorted(KeyType.LONG.order()))
                .containsExactly(Long.MIN_VALUE, -1L, 1L, Long.MAX_VALUE);
    }

    @Test
    void keysComeBackFromTheirText() {
        assertThat(KeyType.LONG.decode(KeyType.LONG.encode(-7L))).isEqualTo(-7L);
        UUID key = UUID.randomUUID();
        assertThat(KeyType.UUID.decode(KeyType.UUID.encode(key))).isEqualTo(key);
        assertThat(KeyType.TEXT.decode(KeyType.TEXT.encode("\ud83d\ude00"))).isEqualTo("\ud83d\ude00");
    }

    /** Buckets are sticky across versions and instances: these numbers never change. */
    @Test
    void hashesAreWhatTheyAlwaysWere() {
        assertThat(KeyType.LONG.hash(0L)).isZero();
        assertThat(KeyType.LONG.hash(1L)).isEqualTo(6238072747940578789L);
        assertThat(KeyType.LONG.hash(-1L)).isEqualTo(-5417735806833148549L);
        assertThat(KeyType.UUID.hash(new UUID(0x0123456789abcdefL, 0xfedcba9876543210L)))
                .isEqualTo(6626683236550014825L);
        assertThat(KeyType.TEXT.hash("")).isEqualTo(810619903175589643L);
        assertThat(KeyType.TEXT.hash("tenant-42")).isEqualTo(1308590913753380884L);
        assertThat(KeyType.TEXT.hash("\ud83d\ude00")).isEqualTo(8489760765410198333L);
        assertThat(KeyType.hashRouting("tenant-42")).isEqualTo(KeyType.TEXT.hash("tenant-42"));
    }
}
