package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import dev.changeover.shadowcompare.report.Reports;
import dev.changeover.shadowcompare.report.TransitionReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "report", description = "Writes the report of the whole transition, for people and for pipelines.")
final class ReportVerb extends Verb {

    /** What a report can be written as, and the end of the name of its file. */
    enum Format {
        HTML("html"),
        MARKDOWN("md"),
        JSON("json"),
        JUNIT("xml");

        private final String suffix;

        Format(String suffix) {
            this.suffix = suffix;
        }

        private String write(TransitionReport report) {
            return switch (this) {
                case HTML -> Reports.html(report);
                case MARKDOWN -> Reports.markdown(report);
                case JSON -> Reports.json(report);
                case JUNIT -> Reports.junit(report);
            };
        }
    }

    @Option(
            names = "--format",
            paramLabel = "html|markdown|json|junit",
            description = "A page (default), a comment for a pull request, data, or a test case for each gate.")
    Format format = Format.HTML;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Where to; changeover-report with the usual suffix by default, - for the terminal.")
    @Nullable
    String file;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            description = "For how long back comparisons and calls are counted, such as 24h (default).")
    Duration window = Duration.ofDays(1);

    @Option(names = "--without-gates", description = "Do not ask the application what its gates say.")
    boolean withoutGates;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "How long an instance has to say what its gates say, such as 10s (default).")
    Duration wait = Duration.ofSeconds(10);

    ReportVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (window.compareTo(Duration.ofMinutes(1)) < 0) {
            throw ConsoleException.usage("--window is less than a minute", "Give at least 1m");
        }
        TransitionReport report = TransitionReport.read(session.database().source(false), window);
        String text = format.write(withoutGates ? report : new AskedGates(session, wait).of(report));
        if ("-".equals(file)) {
            return Outcome.done(Json.object().put("report", text), screen -> screen.raw(text));
        }
        Path target = write(text);
        ObjectNode json = Json.object()
                .put("file", target.toString())
                .put("format", format.name().toLowerCase(Locale.ROOT));
        return Outcome.done(json, screen -> screen.line("Report: " + target));
    }

    private Path write(String text) {
        Path target = Path.of(file == null ? "changeover-report." + format.suffix : file)
                .toAbsolutePath();
        try {
            return Files.writeString(target, text);
        } catch (IOException e) {
            throw ConsoleException.error("The report cannot be written to " + target, "Give another --file");
        }
    }
}
