package dev.changeover.core.internal;

import dev.changeover.core.UnmappableRowException;
import dev.changeover.core.backfill.Finding;
import dev.changeover.core.backfill.Finding.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what a preflight finds: of each kind how many, and the first keys. */
final class Findings {

    private static final int MOST_KEYS = 10;

    private static final Map<String, String> STATES = Map.of(
            "23502", "NULL for NOT NULL",
            "22001", "too long for its column",
            "23505", "duplicates",
            "23503", "foreign keys without a parent",
            "23514", "refused by a check",
            "22P02", "values outside an enum, or not of the type",
            "22003", "numbers out of range");

    private final Map<String, Finding> all = new LinkedHashMap<>();

    /** A key that cannot be copied, and why. */
    void failed(String key, Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof UnmappableRowException e) {
                add(
                        Severity.FAIL,
                        "rows that cannot be mapped, by " + e.table() + "." + e.column(),
                        key,
                        "Mend the rows, or extend the mapping of this column");
                return;
            } else if (t instanceof SQLException e) {
                String what = STATES.getOrDefault(String.valueOf(e.getSQLState()), "refused by new");
                add(Severity.FAIL, what + " (" + Redacted.message(e) + ")", key, remedy(e));
                return;
            }
        }
        add(Severity.FAIL, "mappings that throw " + failure.getClass().getName(), key, "Mend the mapping");
    }

    private static String remedy(SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case "23503" -> "Backfill the parents first; else mend the rows";
            case "23505" -> "Let the mapping make them different, by something that never changes; else mend the rows";
            default -> "Mend the rows, the mapping or the column; they would be parked";
        };
    }

    void add(Severity severity, String what, String key, String remedy) {
        add(new Finding(severity, what, 1, List.of(key), remedy));
    }

    void add(Finding finding) {
        all.merge(finding.what(), finding, Findings::plus);
    }

    private static Finding plus(Finding one, Finding other) {
        List<String> keys = new ArrayList<>(one.keys());
        other.keys().stream()
                .filter(key -> !keys.contains(key))
                .limit(Math.max(0, MOST_KEYS - keys.size()))
                .forEach(keys::add);
        return new Finding(one.severity(), one.what(), one.count() + other.count(), keys, one.remedy());
    }

    List<Finding> sorted() {
        return all.values().stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }
}
