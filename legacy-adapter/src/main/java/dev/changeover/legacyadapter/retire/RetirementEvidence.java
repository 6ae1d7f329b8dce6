package dev.changeover.legacyadapter.retire;

import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import java.util.stream.Collectors;

/** What the gates said, as the JSON that the history keeps beside the reason. */
final class RetirementEvidence {

    private RetirementEvidence() {}

    static String json(GateReport report) {
        return "{\"overridden\": " + !report.passed() + ", \"gates\": ["
                + report.results().stream().map(each -> gate(report, each)).collect(Collectors.joining(", ")) + "]}";
    }

    private static String gate(GateReport report, GateResult result) {
        return "{\"repository\": " + text(report.repository()) + ", \"gate\": " + text(result.gate())
                + ", \"verdict\": \"" + result.verdict() + "\", \"value\": " + text(result.value()) + ", \"limit\": "
                + text(result.limit()) + "}";
    }

    static String text(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }
}
