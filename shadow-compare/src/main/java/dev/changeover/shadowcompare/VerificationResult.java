package dev.changeover.shadowcompare;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a verification found.
 *
 * @param repository the name of the repository
 * @param verdict the verdict
 * @param counts how many keys were found in which state
 * @param fields in how many keys each path differs, without the positions and keys of elements
 * @param divergences the differing keys, the first of them if there are very many
 * @param more how many differing keys are not listed
 * @param errors what could not be read, and why
 * @param startedAt when it began
 * @param duration how long it took
 * @param <K> the key
 */
public record VerificationResult<K>(
        String repository,
        Verdict verdict,
        VerificationCounts counts,
        Map<String, Long> fields,
        List<KeyDivergence<K>> divergences,
        long more,
        List<String> errors,
        Instant startedAt,
        Duration duration) {

    /** Keeps copies. */
    public VerificationResult {
        fields = Map.copyOf(fields);
        divergences = List.copyOf(divergences);
        errors = List.copyOf(errors);
    }
}
