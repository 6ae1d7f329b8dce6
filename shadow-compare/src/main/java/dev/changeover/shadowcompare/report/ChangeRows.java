package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Calls.Change;
import dev.changeover.shadowcompare.report.Calls.Met;
import dev.changeover.shadowcompare.report.Calls.Served;
import dev.changeover.shadowcompare.report.Comparisons.Counts;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what was before and after the last changes, as the control schema keeps it. */
final class ChangeRows {

    private static final String CHANGES = """
            SELECT e.repository, e.at, e.since, e.until, h.action, left(h.before, 60) AS before, left(h.after, 60) AS after,
                   %s, %s, %s, %s, %s, %s
              FROM (SELECT x.*, row_number() OVER (PARTITION BY x.repository ORDER BY x.history DESC) AS n
                      FROM changeover.move_effect x) e
              JOIN changeover.history h ON h.id = e.history
             WHERE e.n <= 10 ORDER BY e.repository, e.history DESC""".formatted(
                    served("before", "LEGACY"),
                    served("before", "NEW"),
                    compared("before"),
                    served("after", "LEGACY"),
                    served("after", "NEW"),
                    compared("after"));

    private ChangeRows() {}

    private static String served(String window, String side) {
        return array(window, side, "calls", "failures", "p50", "p95", "p99");
    }

    private static String compared(String window) {
        return array(window, "COMPARED", "matched", "accepted", "marked", "diverged", "failed", "unconfirmed");
    }

    /** An array of numbers, or null if nothing was measured. */
    private static String array(String window, String part, String... names) {
        List<String> values = Arrays.stream(names)
                .map(name -> "(e.%s #>> '{%s,%s}')::float8".formatted(window, part, name))
                .toList();
        return "CASE WHEN e.%s -> '%s' IS NOT NULL THEN ARRAY[%s] END AS %s_%s"
                .formatted(window, part, String.join(", ", values), window, part.toLowerCase(Locale.ROOT));
    }

    static Map<String, List<Change>> read(Snapshot snapshot) throws SQLException {
        return snapshot.byRepository(CHANGES, ChangeRows::change);
    }

    private static Change change(Row row) throws SQLException {
        return new Change(
                row.moment("at"),
                what(row),
                row.moment("since"),
                row.maybeMoment("until"),
                met(row, "before"),
                row.maybeMoment("until") == null ? null : met(row, "after"));
    }

    private static String what(Row row) throws SQLException {
        String unit = "PERCENT".equals(row.text("action")) ? " %" : "";
        return row.text("before") + unit + " -> " + row.text("after") + unit;
    }

    private static Met met(Row row, String window) throws SQLException {
        return new Met(
                served(row.amounts(window + "_legacy")),
                served(row.amounts(window + "_new")),
                counts(row.amounts(window + "_compared")));
    }

    private static @Nullable Served served(double[] of) {
        return of.length == 0 ? null : new Served((long) of[0], (long) of[1], of[2], of[3], of[4]);
    }

    private static @Nullable Counts counts(double[] of) {
        return of.length == 0
                ? null
                : new Counts((long) of[0], (long) of[1], (long) of[2], (long) of[3], (long) of[4], (long) of[5]);
    }
}
