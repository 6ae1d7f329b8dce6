package dev.changeover.console.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Texts, tables and progress on their own. */
class TerminalTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final AtomicLong nanos = new AtomicLong();

    private Progress progress(boolean terminal) {
        Screen screen =
                new Screen(new PrintWriter(out), new PrintWriter(err), new Screen.Look(false, false, terminal, 80));
        return new Progress(screen, Duration.ofSeconds(10), nanos::get);
    }

    @Test
    void whatATerminalWouldObeyIsShownAsItsCode() {
        assertThat(Plain.of("a\u001b[31mb\n\r\u0007\u009b\u202e", 100))
                .isEqualTo("a\\u001b[31mb\\u000a\\u000d\\u0007\\u009b\\u202e");
        assertThat(Plain.of("Zoë 漢字 🙂", 100)).isEqualTo("Zoë 漢字 🙂");
        assertThat(Plain.of("\ud83d", 100)).isEqualTo("\\ud83d");
        assertThat(Plain.of("x".repeat(50), 10)).isEqualTo("xxxxxxx...");
        assertThat(Plain.of("0123456789", 10)).isEqualTo("0123456789");
        assertThat(Plain.of(null, 10)).isEmpty();
    }

    @Test
    void aTableFitsItsWidthAndKeepsEveryWord() {
        Table table = Table.of("ID", "TEXT", "OTHER")
                .row(1, "some words ".repeat(12), "y".repeat(70))
                .row(2, null, "z");
        assertThat(table.lines(80, false)).allMatch(line -> line.length() <= 80).hasSizeGreaterThan(3);
        assertThat(String.join("", table.lines(80, false)).replaceAll("[^y]", ""))
                .hasSize(70);
        assertThat(Table.of("A").row("x".repeat(5_000)).lines(80, false)).hasSizeLessThan(8);
    }

    @Test
    void onATerminalProgressIsABarInOneLine() {
        Progress progress = progress(true);
        progress.at("backfill", 500, 1_000, "rows");
        assertThat(err.toString()).contains("[###############...............] 500 of 1,000 rows (50 %)");
        progress.at("backfill", 5_000, 1_000, "rows");
        progress.at("backfill", 7, 0, "rows");
        progress.end();
        assertThat(err.toString()).doesNotContain("\n", "\u001b").endsWith("\r");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void elsewhereProgressIsALineNowAndThen() {
        Progress progress = progress(false);
        progress.at("backfill", 1, 10, "rows");
        progress.at("backfill", 2, 10, "rows");
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        progress.at("backfill", 3, 10, "rows");
        progress.end();
        assertThat(err.toString().lines())
                .containsExactly("backfill: 1 of 10 rows (10 %)", "backfill: 3 of 10 rows (30 %)");
        assertThat(err.toString()).doesNotContain("\r");
    }

    @Test
    void agesAreShort() {
        assertThat(Ages.of(12)).isEqualTo("12s");
        assertThat(Ages.of(192)).isEqualTo("3m 12s");
        assertThat(Ages.of(7_260)).isEqualTo("2h 1m");
        assertThat(Ages.of(200_000)).isEqualTo("2d 7h");
    }
}
