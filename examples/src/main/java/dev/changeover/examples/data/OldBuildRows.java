package dev.changeover.examples.data;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The seeded rows that an old build of the application writes while the new one leaves them alone, so that the order of
 * the writes of a key is the order of one journal. They follow from the seed: both builds know them without asking.
 *
 * @param own the keys of the users and rooms that nobody else writes
 * @param shared rooms that everybody writes
 */
public record OldBuildRows(Set<UUID> own, List<UUID> shared) {

    /** Where no old build runs. */
    public static final OldBuildRows NONE = new OldBuildRows(Set.of(), List.of());

    private static final int EVERY = 8;
    private static final int SHARED = 3;

    /** The order in which the server sorts keys. */
    private static final Comparator<UUID> SERVER_ORDER = Comparator.comparing(
                    UUID::getMostSignificantBits, Long::compareUnsigned)
            .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

    /** Returns the rows in the data of a seed. */
    public static OldBuildRows of(long seed, SeedSize size) {
        SeedIds ids = new SeedIds(seed);
        Set<UUID> own = new HashSet<>();
        numbers(size.users(), n -> n % EVERY == 0).map(ids::user).forEach(own::add);
        numbers(size.rooms(), n -> n % EVERY == 0).map(ids::room).forEach(own::add);
        // the first of those that the new build takes for hot
        Stream<UUID> others = numbers(size.rooms(), n -> n % EVERY != 0).map(ids::room);
        return new OldBuildRows(own, others.sorted(SERVER_ORDER).limit(SHARED).toList());
    }

    private static Stream<Integer> numbers(int count, IntPredicate wanted) {
        return IntStream.range(0, count).filter(wanted).boxed();
    }

    /** Whether only the old build writes this row. */
    public boolean has(UUID id) {
        return own.contains(id);
    }
}
