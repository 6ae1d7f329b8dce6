package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Copies.Job;
import dev.changeover.shadowcompare.report.Copies.Run;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads backfills, reseeds and verifications. */
final class CopyRows {

    private static final String JOBS = """
            SELECT c.repository, c.job, c.epoch, c.rows, c.skipped, c.parked, c.finished, c.started_at, c.updated_at
              FROM changeover.copies c ORDER BY c.repository, c.job""";

    /** A count that is no number is not one of ours. */
    private static final String RUNS = """
            SELECT v.repository, v.epoch, v.started_at, v.updated_at, v.keys, v.estimated, v.verdict, v.telling,
                   ARRAY(SELECT e.value || ' ' || left(e.key, 60) FROM jsonb_each_text(v.counts) e
                          WHERE e.value ~ '^[0-9]{1,18}$' ORDER BY e.key LIMIT 20) AS counts,
                   ARRAY(SELECT e.value || ' ' || left(e.key, 200) FROM jsonb_each_text(v.fields) e
                          WHERE e.value ~ '^[0-9]{1,18}$' ORDER BY e.value::bigint DESC, e.key LIMIT 10) AS fields
              FROM (SELECT x.id, x.repository, x.epoch, x.started_at, x.updated_at, x.keys, x.estimated, x.verdict, x.telling,
                           CASE jsonb_typeof(x.counts) WHEN 'object' THEN x.counts ELSE '{}' END AS counts,
                           CASE jsonb_typeof(x.fields) WHEN 'object' THEN x.fields ELSE '{}' END AS fields,
                           row_number() OVER (PARTITION BY x.repository ORDER BY x.id DESC) AS n
                      FROM changeover.verification x) v
             WHERE v.n <= 14 ORDER BY v.repository, v.id DESC""";

    private CopyRows() {}

    static Map<String, Copies> read(Snapshot snapshot) throws SQLException {
        Map<String, List<Job>> jobs = snapshot.byRepository(JOBS, CopyRows::job);
        Map<String, List<Run>> runs = snapshot.byRepository(RUNS, CopyRows::run);
        Set<String> names = new TreeSet<>(jobs.keySet());
        names.addAll(runs.keySet());
        Map<String, Copies> all = new HashMap<>();
        names.forEach(name ->
                all.put(name, new Copies(jobs.getOrDefault(name, List.of()), runs.getOrDefault(name, List.of()))));
        return all;
    }

    private static Job job(Row row) throws SQLException {
        return new Job(
                row.text("job"),
                row.number("epoch"),
                row.number("rows"),
                row.number("skipped"),
                row.number("parked"),
                row.flag("finished"),
                row.moment("started_at"),
                row.moment("updated_at"));
    }

    private static Run run(Row row) throws SQLException {
        return new Run(
                row.number("epoch"),
                row.moment("started_at"),
                row.moment("updated_at"),
                row.number("keys"),
                row.number("estimated"),
                row.maybe("verdict"),
                row.flag("telling"),
                counts(row.texts("counts")),
                counts(row.texts("fields")));
    }

    private static Map<String, Long> counts(List<String> lines) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            counts.put(line.substring(blank + 1), Long.valueOf(line.substring(0, blank)));
        }
        return counts;
    }
}
