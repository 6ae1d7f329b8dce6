package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Calls.Operation;
import java.util.List;
import java.util.Objects;

/** A line for each of many repositories. */
final class HtmlOverview {
    private static final List<String> HEAD = List.of(
            "repository", "stage", "may it go on?", "diverged", "unreviewed", "p95 new : legacy", "marks", "missing");

    private HtmlOverview() {}

    static void write(Html page, TransitionReport report) {
        page.open("section", "class", "overview").element("h2", "Repositories").open("table", "role", "table");
        HtmlParts.head(page, HEAD);
        page.open("tbody");
        report.repositories().forEach(each -> row(page, report, each));
        page.close().close().close();
    }

    private static void row(Html page, TransitionReport report, RepositoryReport each) {
        page.open("tr", "role", "row");
        page.open("td", "role", "cell", "data-label", HEAD.get(0))
                .element("a", each.name(), "href", "#r-" + each.name())
                .close();
        cell(page, 1, "number", each.position().shown());
        page.open("td", "role", "cell", "data-label", HEAD.get(2))
                .element("span", HtmlParts.words(each.answer()), "class", "chip " + HtmlParts.kind(each.answer()))
                .close();
        cell(page, 3, "number", Words.number(each.comparisons().total().diverged()));
        cell(page, 4, "number", Words.number(each.divergences().totals().unreviewed()));
        cell(page, 5, "number", slowest(each));
        cell(page, 6, "number", Words.number(each.marks().count()));
        cell(page, 7, "", Conclusion.missing(each, report.at()));
        page.close();
    }

    private static String slowest(RepositoryReport each) {
        return each.calls().operations().stream()
                .map(Operation::ratio)
                .filter(Objects::nonNull)
                .max(Double::compare)
                .map(Words::times)
                .orElse("–");
    }

    private static void cell(Html page, int column, String kind, String text) {
        page.element("td", text, "role", "cell", "class", kind, "data-label", HEAD.get(column));
    }
}
