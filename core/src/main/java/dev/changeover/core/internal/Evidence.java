package dev.changeover.core.internal;

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
        return "{\"repository\":" + text(report.repository()) + ",\"gate\":" + text(result.gate()) + ",\"verdict\":"
                + text(result.verdict().name()) + ",\"value\":" + text(result.value()) + ",\"limit\":"
                + text(result.limit()) + ",\"missing\":" + text(result.missing()) + "}";
    }

    private static String text(@Nullable String value) {
        if (value == null) {
            return "null";
        }
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().forEach(each -> {
            if (each == '"' || each == '\\') {
                quoted.append('\\').appendCodePoint(each);
            } else if (each == 0 || Character.getType(each) == Character.SURROGATE) {
                quoted.append('?'); // PostgreSQL's jsonb has neither
            } else if (each < ' ') {
                quoted.append(String.format("\\u%04x", each));
            } else {
                quoted.appendCodePoint(each);
            }
        });
        return quoted.append('"').toString();
    }
}
