package dev.changeover.shadowcompare.report;

/**
 * Writes a report. Equal reports give equal text; nothing is fetched, and nothing of what the report holds is run, by a
 * browser or by whoever reads the other formats. All methods may be called by several threads.
 */
public final class Reports {

    private Reports() {}

    /**
     * Returns one HTML page that needs nothing else: it opens from a disk, without network and without JavaScript, on a
     * phone or a wall, light or dark, and can be printed.
     */
    public static String html(TransitionReport report) {
        return HtmlPage.of(report);
    }

    /** Returns Markdown that fits the description of a pull request: fewer than 65,536 characters. */
    public static String markdown(TransitionReport report) {
        return MarkdownPage.of(report);
    }

    /** Returns JSON of the schema {@code changeover-report/1}, which is described in {@code docs/report.md}. */
    public static String json(TransitionReport report) {
        return ReportJson.of(report);
    }

    /**
     * Returns JUnit's XML, for a pipeline that shows it or stops at it: a suite for each repository, a case for each gate
     * of each move; a gate that says FAIL is a failure, UNKNOWN is an error, and so is a repository that was not asked.
     */
    public static String junit(TransitionReport report) {
        return JunitXml.of(report);
    }
}
