package dev.changeover.examples.data;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of the legacy tables as lines for COPY: the same for the same seed, dirty on purpose. */
public final class SeedData {

    private final long seed;
    private final SeedSize size;
    private final SeedIds ids;

    /** Creates the data of a seed. */
    public SeedData(long seed, SeedSize size) {
        this.seed = seed;
        this.size = size;
        this.ids = new SeedIds(seed);
    }

    Stream<String> users() {
        return lines(1, size.users(), this::user);
    }

    Stream<String> rooms() {
        return lines(2, size.rooms(), this::room);
    }

    Stream<String> auditLogs() {
        return lines(3, size.auditLogs(), this::auditLog);
    }

    private Stream<String> lines(int kind, int count, RowMaker maker) {
        IntFunction<String> line = n -> maker.row(n, new SplittableRandom(seed * 1_000_003 + kind * 100_000_007L + n))
                .toString();
        return IntStream.range(0, count).mapToObj(line);
    }

    private CopyLine user(int n, SplittableRandom random) {
        Instant created = Dirt.instant(random);
        return new CopyLine()
                .with(ids.user(n))
                .with(Dirt.one(Dirt.LOCAL_PARTS, random) + "@d" + n + ".example")
                .with("$2b$10$" + Long.toString(random.nextLong() & Long.MAX_VALUE, 36))
                .with(Dirt.one(Dirt.NAMES, random))
                .with(random.nextInt(20) > 0)
                .with(created)
                .with(created.plusSeconds(random.nextInt(100_000)))
                .with(random.nextInt(5));
    }

    private CopyLine room(int n, SplittableRandom random) {
        Instant created = Dirt.instant(random);
        String status = Dirt.one(Dirt.STATUSES, random);
        Instant started = startOf(status, created, random);
        Instant ended = endOf(status, started, random);
        return new CopyLine()
                .with(ids.room(n))
                .with(Dirt.one(Dirt.TITLES, random))
                .with("room-" + n)
                .with(ids.user(random.nextInt(size.users())))
                .with(status)
                .with(random.nextInt(2, 500))
                .with(started)
                .with(ended)
                .with(random.nextInt(100))
                .with(created)
                .with(created.plusSeconds(random.nextInt(100_000)))
                .with(random.nextInt(5));
    }

    /** A closed room without a start exists: it was closed before anybody came. */
    private static @Nullable Instant startOf(String status, Instant created, SplittableRandom random) {
        boolean begun = status.equals("active") || status.equals("closed");
        return begun && random.nextInt(10) > 0 ? Dirt.later(created, random) : null;
    }

    /** A closed room without an end exists: the server died. */
    private static @Nullable Instant endOf(String status, @Nullable Instant started, SplittableRandom random) {
        boolean over = status.equals("closed") && random.nextInt(10) > 0;
        return over && started != null ? Dirt.later(started, random) : null;
    }

    private CopyLine auditLog(int n, SplittableRandom random) {
        // one in twenty speaks of somebody who was deleted long ago
        UUID user = random.nextInt(20) > 0 ? ids.user(random.nextInt(size.users())) : ids.user(-1 - n);
        return new CopyLine()
                .with(Dirt.one(Dirt.ACTIONS, random))
                .with(random.nextInt(10) > 0 ? user : null)
                .with(random.nextInt(2) > 0 ? ids.room(random.nextInt(size.rooms())) : null)
                .with(Dirt.one(Dirt.METADATA, random))
                .with(Dirt.one(Dirt.ADDRESSES, random))
                .with(Dirt.instant(random));
    }

    private interface RowMaker {
        CopyLine row(int n, SplittableRandom random);
    }
}
