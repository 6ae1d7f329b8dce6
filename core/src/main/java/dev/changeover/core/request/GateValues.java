package dev.changeover.core.request;

import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What gates said, as the values of a result. */
final class GateValues {

    private GateValues() {}

    static List<Map<String, Object>> reports(Collection<GateReport> reports) {
        return reports.stream().map(GateValues::report).toList();
    }

    private static Map<String, Object> report(GateReport report) {
        return Map.of(
                "repository",
                report.repository(),
                "move",
                report.move(),
                "passed",
                report.passed(),
                "results",
                report.results().stream().map(GateValues::result).toList());
    }

    private static Map<String, @Nullable Object> result(GateResult result) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("gate", result.gate());
        values.put("verdict", result.verdict());
        values.put("value", result.value());
        values.put("limit", result.limit());
        values.put("missing", result.missing());
        values.put("until", result.until());
        return values;
    }

    static Map<String, @Nullable Object> back(BackMove back) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("from", back.from());
        values.put("to", back.to());
        values.put("verdict", back.verdict());
        values.put("keys", back.keys());
        values.put("why", back.explanation());
        return values;
    }
}
