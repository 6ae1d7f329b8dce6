package dev.changeover.shadowcompare;

import dev.changeover.core.Stage;
import dev.changeover.shadowcompare.internal.MarkdownTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a summary as Markdown, for a pull request, a ticket or a terminal. */
public final class MarkdownReport {

    private MarkdownReport() {}

    /** Returns the report. Equal summaries give equal text. */
    public static String of(ShadowSummary summary) {
        return Stream.of(
                        "# Shadow report, " + summary.at(),
                        section("Stages", stages(summary.stages())),
                        section("Compared reads", reads(summary.counters())),
                        section("Divergences", MarkdownDivergences.of(summary)),
                        section("Last verification", verifications(summary.verifications())))
                .collect(Collectors.joining("\n\n", "", "\n"));
    }

    private static String section(String title, String body) {
        return "## " + title + "\n\n" + body;
    }

    private static String stages(Map<String, Stage> stages) {
        return MarkdownTable.of(
                List.of("repository", "stage"),
                new TreeMap<>(stages)
                        .entrySet().stream()
                                .map(each ->
                                        List.of(each.getKey(), each.getValue().name()))
                                .toList());
    }

    private static String reads(ShadowCounters counters) {
        List<String> head = new ArrayList<>(List.of("operation"));
        Arrays.stream(Outcome.values()).map(MarkdownReport::words).forEach(head::add);
        return MarkdownTable.of(
                head, counters.operations().stream().map(MarkdownReport::row).toList());
    }

    private static List<String> row(OperationCounts counts) {
        List<String> cells = new ArrayList<>(List.of(counts.repository() + "." + counts.operation()));
        Arrays.stream(Outcome.values()).map(counts::count).map(String::valueOf).forEach(cells::add);
        return cells;
    }

    private static String verifications(List<VerificationResult<?>> results) {
        return MarkdownTable.of(
                List.of(
                        "repository",
                        "verdict",
                        "compared",
                        "different",
                        "missing",
                        "extra",
                        "unmappable",
                        "marked",
                        "fields",
                        "started",
                        "took",
                        "errors"),
                results.stream().map(MarkdownReport::row).toList());
    }

    private static List<String> row(VerificationResult<?> result) {
        VerificationCounts counts = result.counts();
        return List.of(
                result.repository(),
                result.verdict().name(),
                String.valueOf(counts.compared()),
                String.valueOf(counts.different()),
                String.valueOf(counts.missing()),
                String.valueOf(counts.extra()),
                String.valueOf(counts.unmappable()),
                String.valueOf(counts.marked()),
                new TreeMap<>(result.fields())
                        .entrySet().stream()
                                .map(each ->
                                        (each.getKey().isEmpty() ? "(whole)" : each.getKey()) + " " + each.getValue())
                                .collect(Collectors.joining(", ")),
                result.startedAt().toString(),
                result.duration().toString(),
                String.join("; ", result.errors()));
    }

    private static String words(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
