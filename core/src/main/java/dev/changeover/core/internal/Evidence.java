package dev.changeover.core.internal;

import dev.changeover.core.control.JsonText;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What gates said, as the JSON that the history keeps. */
final class Evidence {

    private Evidence() {}

    /** Returns null if no gate was asked. */
    static @Nullable String json(List<GateReport> reports, boolean overridden) {
        if (reports.stream().allMatch(report -> report.results().isEmpty())) {
            return null;
        }
        String gates = reports.stream()
                .flatMap(report -> report.results().stream().map(result -> gate(report, result)))
                .collect(Collectors.joining(","));
        return "{\"overridden\":" + overridden + ",\"gates\":[" + gates + "]}";
    }

    private static String gate(GateReport report, GateResult result) {
        return "{\"repository\":" + JsonText.quoted(report.repository()) + ",\"gate\":" + JsonText.quoted(result.gate())
                + ",\"verdict\":"
                + JsonText.quoted(result.verdict().name()) + ",\"value\":" + JsonText.quoted(result.value())
                + ",\"limit\":"
                + JsonText.quoted(result.limit()) + ",\"missing\":" + JsonText.quoted(result.missing()) + "}";
    }
}
