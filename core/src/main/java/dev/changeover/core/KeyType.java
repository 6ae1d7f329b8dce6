package dev.changeover.core;

import java.util.Comparator;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * How a key is written as text, ordered and hashed. The order is PostgreSQL's: {@code uuid} is unsigned there (while
 * {@link UUID#compareTo} is signed), and text is ordered by its bytes, that is with {@code COLLATE "C"}.
 *
 * @param <K> the key
 */
public final class KeyType<K> {

    /** Keys of the SQL type {@code bigint}. */
    public static final KeyType<Long> LONG =
            new KeyType<>(Long.class, "bigint", Long::valueOf, Comparator.naturalOrder(), Long::longValue);

    /** Keys of the SQL type {@code uuid}. */
    public static final KeyType<UUID> UUID = new KeyType<>(
            UUID.class,
            "uuid",
            java.util.UUID::fromString,
            KeyType::compareUnsigned,
            key -> key.getMostSignificantBits() * 31 + key.getLeastSignificantBits());

    /** Keys of the SQL type {@code text}. */
    public static final KeyType<String> TEXT =
            new KeyType<>(String.class, "text", Function.identity(), KeyType::compareCodePoints, KeyType::hashText);

    private final Class<K> javaType;
    private final String sqlType;
    private final Function<String, K> decoder;
    private final Comparator<K> order;
    private final ToLongFunction<K> hash;

    private KeyType(
            Class<K> javaType,
            String sqlType,
            Function<String, K> decoder,
            Comparator<K> order,
            ToLongFunction<K> hash) {
        this.javaType = javaType;
        this.sqlType = sqlType;
        this.decoder = decoder;
        this.order = order;
        this.hash = hash;
    }

    /** Returns the class of the key. */
    public Class<K> javaType() {
        return javaType;
    }

    /** Returns the name of the SQL type, as a cast accepts it. */
    public String sqlType() {
        return sqlType;
    }

    /** Returns the order in which the server sorts keys of this type. */
    public Comparator<K> order() {
        return order;
    }

    /** Writes a key as the text under which marks and checkpoints keep it. */
    public String encode(K key) {
        return key.toString();
    }

    /** Reads a key back from its text. */
    public K decode(String text) {
        return decoder.apply(text);
    }

    /** Returns a well mixed hash that never changes between versions, without allocating. */
    public long hash(K key) {
        return mix(hash.applyAsLong(key));
    }

    /** Returns the hash of a routing key given as text. */
    static long hashRouting(String key) {
        return mix(hashText(key));
    }

    private static long hashText(String text) {
        long h = 1125899906842597L;
        for (int i = 0; i < text.length(); i++) {
            h = 31 * h + text.charAt(i);
        }
        return h;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static int compareUnsigned(UUID a, UUID b) {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }

    /** The order of UTF-8 bytes is the order of code points, which differs from that of UTF-16 units. */
    private static int compareCodePoints(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean mixed = Character.isSurrogate(x) != Character.isSurrogate(y);
                return mixed ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return a.length() - b.length();
    }
}
