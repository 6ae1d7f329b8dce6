package dev.changeover.proof.torture;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.changeover.testkit.Guarantee;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A short seedbank of the torture; the profile "torture" runs for as long as asked, with every mutant. */
class TortureTest {

    /** What is not in the list: two databases. */
    private static final List<String> ELSEWHERE =
            List.of("lock-at-source", "undo-races-resume", "pool-cycle", "relaxed-commit");

    private static final Logger POOLS = (Logger) LoggerFactory.getLogger("com.zaxxer.hikari");
    private static Level before;
    private static Arena arena;

    @BeforeAll
    static void open() {
        before = POOLS.getLevel();
        POOLS.setLevel(Level.OFF); // a pool says of every killed session that it is broken
        arena = new Arena();
    }

    @AfterAll
    static void close() {
        arena.close();
        POOLS.setLevel(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13})
    @Guarantee("G1")
    @Guarantee("G2")
    @Guarantee("G3")
    @Guarantee("G4")
    @Guarantee("G5")
    @Guarantee("G6")
    @Guarantee("G8")
    @Guarantee("G9")
    void nothingIsLostWhoeverIsKilled(long seed) {
        Verdict verdict = arena.play(Plan.of(seed, Duration.ofSeconds(3), true), Rules.ALL);
        System.out.println(verdict.line());
        assertThat(verdict.isClean() ? List.of() : verdict.details().toList()).isEmpty();
        assertThat(verdict.acknowledged()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-key-lock", "coalescing-marks", "read-modify-write", "leaking-setting", "stale-return"})
    void aRuleThatIsLeftOutIsMissed(String name) {
        assertThat(new Hunt(arena, 1, System.out::println).run(Hunt.named(List.of(name)).stream()))
                .isTrue();
    }

    @Test
    void everyMutantOfOneDatabaseIsThereOnce() {
        assertThat(Hunt.named(List.of("all")))
                .extracting(Mutant::name)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(ELSEWHERE)
                .hasSize(39 - ELSEWHERE.size());
    }

    @Test
    void optionsAreReadFromTheCommandLine() {
        Options options = Options.parse(List.of(
                "--acknowledged", "1000000", "--kills", "1000", "--minutes", "5", "--seed", "9", "--mutants", "a,b"));
        assertThat(options)
                .isEqualTo(new Options(1_000_000, 1_000, Duration.ofMinutes(5), 9, List.of("a", "b"), null, ""));
        assertThat(Options.parse(List.of("--commit", "abc")).commit()).isEqualTo("abc");
        assertThat(Options.parse(new ArrayList<>(List.of("--log", "x"))).log()).isEqualTo(Path.of("x"));
    }
}
