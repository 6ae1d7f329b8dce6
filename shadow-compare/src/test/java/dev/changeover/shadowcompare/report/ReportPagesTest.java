package dev.changeover.shadowcompare.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A rollout in every format. What it writes under target is what people look at when the page changes. */
@PostgresTest
class ReportPagesTest {
    private final TransitionReport report;

    ReportPagesTest(PostgresDatabase db) {
        this.report = new Rollout(db).report;
    }

    @Test
    void writes() throws IOException {
        Path directory = Files.createDirectories(Path.of("target", "report"));
        Files.writeString(directory.resolve("report.html"), Reports.html(report));
        Files.writeString(directory.resolve("report.md"), Reports.markdown(report));
        Files.writeString(directory.resolve("report.json"), Reports.json(report));
        Files.writeString(directory.resolve("report.xml"), Reports.junit(report));
        assertThat(Reports.html(report)).contains("</html>");
    }
}
