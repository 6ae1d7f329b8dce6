package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Part;
import dev.changeover.shadowcompare.report.Section.Picture;
import dev.changeover.shadowcompare.report.Section.Prose;
import dev.changeover.shadowcompare.report.Section.Table;
import java.util.List;
import java.util.Locale;

/** Sections and tables as HTML. On a narrow screen a row becomes a card, in which each cell says its column. */
final class HtmlParts {
    private static final int DEEPEST = 8;

    /** A chip of more characters may be broken. */
    private static final int LONG = 24;

    private HtmlParts() {}

    static String kind(Answer answer) {
        return switch (answer) {
            case GO, DONE -> "good";
            case WAIT -> "bad";
            case NOT_ASKED -> "warn";
        };
    }

    static String words(Answer answer) {
        return switch (answer) {
            case GO -> "may go on";
            case DONE -> "arrived";
            case WAIT -> "not yet";
            case NOT_ASKED -> "not asked";
        };
    }

    static void section(Html page, String repository, Section section) {
        page.open(
                        "section",
                        "id",
                        "r-" + repository + "-" + section.id(),
                        "class",
                        wide(section) ? "card wide" : "card")
                .element("h3", section.title());
        section.parts().forEach(part -> part(page, part));
        page.close();
    }

    /** What has nothing to show needs no width. */
    private static boolean wide(Section section) {
        return section.wide() && section.parts().stream().anyMatch(Table.class::isInstance);
    }

    private static void part(Html page, Part part) {
        if (part instanceof Prose prose) {
            page.element("p", prose.text());
        } else if (part instanceof Picture picture) {
            page.add(picture.html());
        } else if (part instanceof Table table) {
            fold(page, table);
        }
    }

    private static void fold(Html page, Table table) {
        if (table.folded()) {
            page.open("details", "class", "fold").element("summary", table.caption());
        } else {
            page.element("h4", table.caption());
        }
        if (!table.rows().isEmpty()) {
            table(page, table);
        }
        if (table.folded()) {
            page.close();
        }
    }

    private static void table(Html page, Table table) {
        page.open("table", "role", "table");
        head(page, table.head());
        page.open("tbody");
        for (int i = 0; i < table.rows().size(); i++) {
            String depth = table.indents().isEmpty()
                    ? ""
                    : "d" + Math.min(DEEPEST, table.indents().get(i));
            row(page, table.head(), table.rows().get(i), depth);
        }
        page.close().close();
    }

    static void head(Html page, List<String> names) {
        page.open("thead").open("tr", "role", "row");
        names.forEach(name -> page.element("th", name, "scope", "col", "role", "columnheader"));
        page.close().close();
    }

    private static void row(Html page, List<String> head, List<Cell> cells, String depth) {
        page.open("tr", "role", "row", "class", depth);
        for (int i = 0; i < cells.size(); i++) {
            cell(page, head.get(i), cells.get(i));
        }
        page.close();
    }

    private static void cell(Html page, String column, Cell cell) {
        boolean chip = switch (cell.tone()) {
            case GOOD, BAD, WARN -> true;
            default -> false;
        };
        String tone = cell.tone().name().toLowerCase(Locale.ROOT);
        page.open("td", "role", "cell", "data-label", column, "class", chip || tone.equals("plain") ? "" : tone);
        if (chip) {
            page.element("span", cell.text(), "class", (cell.text().length() > LONG ? "chip long " : "chip ") + tone);
        } else if (!cell.text().isEmpty()) {
            page.text(cell.text());
        }
        page.add(cell.picture()).close();
    }
}
