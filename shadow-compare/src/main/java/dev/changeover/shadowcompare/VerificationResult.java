package dev.changeover.shadowcompare;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verification found.
 *
 * @param id its number in {@code changeover.verification}, or null if it could not be recorded
 * @param repository the name of the repository
 * @param mode how keys that may differ were found
 * @param verdict the verdict
 * @param counts how many keys were found in which state
 * @param fields in how many keys each path differs, without the positions and keys of elements
 * @param forgiven in how many keys each rule made something equal
 * @param invariants what became of the invariants, each a line
 * @param divergences the differing keys, the first of them if there are very many
 * @param more how many differing keys are not listed
 * @param errors what could not be read, and why
 * @param startedAt when it began
 * @param duration how long it took
 * @param <K> the key
 */
public record VerificationResult<K>(
        @Nullable Long id,
        String repository,
        VerificationMode mode,
        Verdict verdict,
        VerificationCounts counts,
        Map<String, Long> fields,
        Map<String, Long> forgiven,
        List<InvariantResult> invariants,
        List<KeyDivergence<K>> divergences,
        long more,
        List<String> errors,
        Instant startedAt,
        Duration duration) {

    /** Keeps copies. */
    public VerificationResult {
        forgiven = Map.copyOf(forgiven);
        invariants = List.copyOf(invariants);
        fields = Map.copyOf(fields);
        divergences = List.copyOf(divergences);
        errors = List.copyOf(errors);
    }
}
