package dev.changeover.proof.verify;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An entity with a field of every type. What Java has no exact type for is the server's own text. */
record Wide(
        UUID id,
        @Nullable String txt,
        @Nullable String empty,
        @Nullable String nothing,
        @Nullable String vary,
        @Nullable String fixed,
        @Nullable String folded,
        @Nullable BigDecimal num,
        @Nullable Double fraction,
        @Nullable Double zero,
        @Nullable Float single,
        @Nullable Long big,
        @Nullable Integer whole,
        @Nullable Integer small,
        @Nullable Instant moment,
        @Nullable LocalDateTime wall,
        @Nullable String ever,
        @Nullable LocalDate day,
        @Nullable String hour,
        @Nullable String span,
        @Nullable String doc,
        @Nullable String docb,
        @Nullable String numbers,
        @Nullable String words,
        @Nullable String grid,
        @Nullable String raw,
        @Nullable String mood,
        @Nullable UUID other,
        @Nullable Boolean flag,
        @Nullable Long twice,
        List<Part> parts) {

    record Part(int n, @Nullable String label) {}
}
