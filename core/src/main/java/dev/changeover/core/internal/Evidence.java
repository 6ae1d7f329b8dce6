package dev.changeover.core.internal;

import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What gates said, as the JSON that the history keeps. */
final class Evidence {

    private Evidence() {}

    /** Returns null if no gate was asked. */
    static @Nullable String json(List<GateReport> reports, boolean overridden) {
        if (reports.stream().allMatch(report -> report.results().isEmpty())) {
            return null;
        }
        List<Map<String, @Nullable Object>> gates = reports.stream()
                .flatMap(report -> report.results().stream().map(result -> gate(report, result)))
                .toList();
        return Json.of(Map.of("overridden", overridden, "gates", gates));
    }

    private static Map<String, @Nullable Object> gate(GateReport report, GateResult result) {
        Map<String, @Nullable Object> gate = new LinkedHashMap<>();
        gate.put("repository", report.repository());
        gate.put("gate", result.gate());
        gate.put("verdict", result.verdict());
        gate.put("value", result.value());
        gate.put("limit", result.limit());
        gate.put("missing", result.missing());
        return gate;
    }
}
