package dev.changeover.core.backfill;

import dev.changeover.core.backfill.Finding.Severity;
import java.time.Duration;
import java.util.List;

/**
 * What a backfill would meet. Immutable.
 *
 * @param repository the repository
 * @param rows about how many keys legacy has
 * @param walked how many of them were tried, one after the other
 * @param complete whether these were all
 * @param estimated about how long the backfill would take with one worker; nothing held it back here
 * @param findings what was found, the worst first
 */
public record Preflight(
        String repository, long rows, long walked, boolean complete, Duration estimated, List<Finding> findings) {

    /** Copies the findings. */
    public Preflight {
        findings = List.copyOf(findings);
    }

    /** Tells whether nothing was found that loses or parks a row, and all keys were tried. */
    public boolean clean() {
        return complete && findings.stream().noneMatch(finding -> finding.severity() == Severity.FAIL);
    }

    /** Returns it for people, a line a finding. */
    public List<String> lines() {
        return findings.stream().map(Finding::toString).toList();
    }
}
