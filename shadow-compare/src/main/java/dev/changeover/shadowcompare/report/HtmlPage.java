package dev.changeover.shadowcompare.report;

import dev.changeover.core.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** The report as one page. What its policy allows is its own style sheet, told by its hash, and nothing else. */
final class HtmlPage {
    /** More repositories than this are closed until somebody opens them. */
    private static final int OPEN = 6;

    private static final String CSS = css();

    private HtmlPage() {}

    static String of(TransitionReport report) {
        Html page = new Html().open("html", "lang", "en");
        head(page);
        page.open("body").open("header", "class", "top");
        top(page, report);
        page.close().open("main");
        if (report.repositories().size() > 1) {
            HtmlOverview.write(page, report);
        }
        for (RepositoryReport each : report.repositories()) {
            repository(page, report, each);
        }
        page.close().open("footer");
        page.text(
                "Written by Changeover from the control schema. Times are UTC. Values are redacted unless their field is"
                        + " declared safe.");
        return "<!DOCTYPE html>\n" + page.close().close().close() + "\n";
    }

    private static void head(Html page) {
        page.open("head")
                .empty("meta", "charset", "utf-8")
                .empty(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; style-src 'sha256-" + hash(CSS) + "'; base-uri 'none'; form-action 'none'")
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .empty("meta", "name", "color-scheme", "content", "light dark")
                .empty("meta", "name", "referrer", "content", "no-referrer")
                .empty("meta", "name", "robots", "content", "noindex")
                .element("title", "Transition report")
                .style(CSS)
                .close();
    }

    private static void top(Html page, TransitionReport report) {
        Conclusion conclusion = Conclusion.of(report);
        page.open("p", "class", "eyebrow")
                .text("Transition report, " + Words.moment(report.at()) + " UTC, last "
                        + Words.span(Duration.between(report.since(), report.at())))
                .close();
        boolean some = conclusion.answer() == Answer.GO && !conclusion.missing().isEmpty();
        page.open("h1", "class", some ? "some" : HtmlParts.kind(conclusion.answer()))
                .text(conclusion.headline())
                .close();
        if (!conclusion.missing().isEmpty()) {
            page.element("p", conclusion.answer() == Answer.NOT_ASKED ? "To look at:" : "Missing:", "class", "lead")
                    .open("ul", "class", "missing");
            conclusion.missing().forEach(each -> page.element("li", each));
            page.close();
        }
    }

    private static void repository(Html page, TransitionReport report, RepositoryReport repository) {
        boolean open = report.repositories().size() <= OPEN;
        page.open("details", "class", "repository", "id", "r-" + repository.name(), "open", open ? "open" : "")
                .open("summary")
                .element("h2", repository.name())
                .element("span", repository.position().shown(), "class", "stage")
                .element(
                        "span",
                        HtmlParts.words(repository.answer()),
                        "class",
                        "chip " + HtmlParts.kind(repository.answer()))
                .close();
        stages(page, repository);
        List<String> attention = repository.attention();
        if (!attention.isEmpty()) {
            page.element("p", "To look at: " + String.join("; ", attention) + ".", "class", "attention");
        }
        page.open("div", "class", "sections");
        Sections.of(report, repository).forEach(each -> HtmlParts.section(page, repository.name(), each));
        page.close().close();
    }

    private static void stages(Html page, RepositoryReport repository) {
        Position position = repository.position();
        page.open("ol", "class", "stages", "aria-label", "Stages");
        for (Stage stage : Stage.values()) {
            int order = stage.compareTo(position.stage());
            page.open(
                            "li",
                            "class",
                            order < 0 ? "past" : order == 0 ? "now" : "ahead",
                            "aria-current",
                            order == 0 ? "step" : "")
                    .text(order == 0 ? position.shown() : stage.name())
                    .close();
        }
        page.close();
    }

    private static String css() {
        try (InputStream css = Objects.requireNonNull(HtmlPage.class.getResourceAsStream("report.css"))) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
