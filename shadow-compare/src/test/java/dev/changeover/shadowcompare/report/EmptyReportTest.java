package dev.changeover.shadowcompare.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ChangeoverException;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where there is nothing to report. */
@PostgresTest
class EmptyReportTest {
    @Test
    void anEmptyTransitionSaysSo(PostgresDatabase db) throws Exception {
        assertThatThrownBy(() -> TransitionReport.read(db.dataSource()))
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("docs/dba.md");
        new Told(db);
        Formats formats = new Formats("empty", TransitionReport.read(db.dataSource()));
        assertThat(formats.html).contains("No repository is registered.");
        assertThat(formats.markdown).startsWith("# No repository is registered");
        assertThat(formats.cases("testcase")).isEmpty();
    }

    @Test
    void aWindowThatIsTooShortIsRefusedWithTheRemedy(PostgresDatabase db) {
        assertThatThrownBy(() -> TransitionReport.read(db.dataSource(), Duration.ofSeconds(59)))
                .hasMessageContaining("report.window")
                .hasMessageContaining("Give a minute or more");
    }
}
