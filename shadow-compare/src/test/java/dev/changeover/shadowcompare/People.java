package dev.changeover.shadowcompare;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The entities of the comparison tests. */
final class People {
    static final UUID ID = UUID.fromString("7f000000-0000-4000-8000-000000000001");
    static final Instant THEN = Instant.parse("2026-01-02T03:04:05.123456Z");

    private People() {}

    enum Provider {
        LOCAL,
        GOOGLE
    }

    record Login(
            Provider provider,
            @Nullable String secret,
            @Nullable Instant lastUsedAt) {}

    record Address(String street, @Nullable Address billing) {}

    record Person(
            UUID id,
            String email,
            @Nullable String phone,
            int version,
            long visits,
            double score,
            boolean active,
            BigDecimal balance,
            Instant createdAt,
            @Nullable OffsetDateTime seenAt,
            Optional<String> nickname,
            List<String> tags,
            Set<String> roles,
            List<Login> logins,
            Map<String, String> attributes,
            @Nullable Address address,
            byte[] avatar) {}

    static Person ann() {
        return new Person(
                ID,
                new String("ann@example.org"),
                null,
                1,
                9_007_199_254_740_993L,
                0.5,
                true,
                new BigDecimal("10.50"),
                Instant.ofEpochSecond(THEN.getEpochSecond(), THEN.getNano()),
                OffsetDateTime.parse("2026-01-02T03:04:05+00:00"),
                Optional.of("annie"),
                List.of("a", "b"),
                Set.of("admin", "user"),
                List.of(new Login(Provider.LOCAL, "hash", THEN), new Login(Provider.GOOGLE, null, null)),
                Map.of("theme", "dark"),
                new Address("Main St", null),
                new byte[] {1, 2, 3});
    }
}
