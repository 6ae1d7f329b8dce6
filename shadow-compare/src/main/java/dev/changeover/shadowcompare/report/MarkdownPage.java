package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.internal.MarkdownTable;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Part;
import dev.changeover.shadowcompare.report.Section.Prose;
import dev.changeover.shadowcompare.report.Section.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The report as Markdown, in full for as many repositories as fit. */
final class MarkdownPage {
    /** A comment on a pull request may have 65,536 characters. */
    private static final int LONGEST = 60_000;

    private static final int ROWS = 10;
    private static final int FOLDED = 5;
    private static final int SECTION = 12_000;

    private MarkdownPage() {}

    static String of(TransitionReport report) {
        StringBuilder page = new StringBuilder();
        top(page, report);
        int left = report.repositories().size();
        for (RepositoryReport each : report.repositories()) {
            String text = repository(report, each);
            if (page.length() + text.length() > LONGEST) {
                break;
            }
            page.append(text);
            left--;
        }
        return left == 0
                ? page.toString()
                : page + "\n" + left + " more of " + report.repositories().size()
                        + " repositories do not fit here; the HTML report has them all.\n";
    }

    private static void top(StringBuilder page, TransitionReport report) {
        Conclusion conclusion = Conclusion.of(report);
        page.append("# ").append(MarkdownTable.escaped(conclusion.headline())).append("\n\n");
        page.append("Transition report, ")
                .append(Words.moment(report.at()))
                .append(" UTC, last ")
                .append(Words.span(Duration.between(report.since(), report.at())))
                .append(".\n");
        conclusion.missing().forEach(each -> page.append("\n- ").append(MarkdownTable.escaped(each)));
        page.append(conclusion.missing().isEmpty() ? "" : "\n");
    }

    private static String repository(TransitionReport report, RepositoryReport repository) {
        StringBuilder text = new StringBuilder("\n## ")
                .append(MarkdownTable.escaped(repository.name() + ": "
                        + repository.position().shown() + ", " + HtmlParts.words(repository.answer())))
                .append('\n');
        if (!repository.attention().isEmpty()) {
            paragraph(text, "To look at: " + String.join("; ", repository.attention()) + ".");
        }
        for (Section section : Sections.of(report, repository)) {
            String body = section(section);
            text.append("\n### ").append(section.title()).append("\n").append(body);
        }
        return text.toString();
    }

    private static String section(Section section) {
        StringBuilder text = new StringBuilder();
        int folded = 0;
        for (Part part : section.parts()) {
            String one = part(part);
            folded += part instanceof Table table && table.folded() ? 1 : 0;
            if (folded <= FOLDED && text.length() + one.length() <= SECTION) {
                text.append(one);
            }
        }
        return text.toString();
    }

    private static String part(Part part) {
        StringBuilder text = new StringBuilder();
        if (part instanceof Prose prose) {
            paragraph(text, prose.text());
        } else if (part instanceof Table table) {
            table(text, table);
        }
        return text.toString();
    }

    private static void paragraph(StringBuilder text, String said) {
        text.append('\n').append(MarkdownTable.escaped(said)).append('\n');
    }

    private static void table(StringBuilder text, Table table) {
        int more = table.rows().size() - ROWS;
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(ROWS, table.rows().size()); i++) {
            rows.add(cells(table, i));
        }
        text.append(
                table.folded() ? summary(table.caption()) : "\n**" + MarkdownTable.escaped(table.caption()) + "**\n");
        if (!rows.isEmpty()) {
            text.append('\n').append(MarkdownTable.of(table.head(), rows)).append('\n');
        }
        text.append(more > 0 ? "\n" + more + " more.\n" : "");
        text.append(table.folded() ? "\n</details>\n" : "");
    }

    /** In the middle of HTML a backslash is no escape, and not every renderer leaves brackets there alone. */
    private static String summary(String caption) {
        Html html = new Html().open("details").element("summary", caption);
        return "\n" + html.toString().replace("[", "&#91;") + "\n";
    }

    private static List<String> cells(Table table, int row) {
        List<String> cells =
                new ArrayList<>(table.rows().get(row).stream().map(Cell::text).toList());
        if (!table.indents().isEmpty()) {
            cells.set(0, "· ".repeat(table.indents().get(row)) + cells.get(0));
        }
        return cells;
    }
}
