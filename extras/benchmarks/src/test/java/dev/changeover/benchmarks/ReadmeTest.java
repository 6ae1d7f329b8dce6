package dev.changeover.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Section SECTION = new Section("trips", List.of("| a |", "|---|"));

    @Test
    void onlyWhatStandsBetweenTheMarkersIsReplaced() {
        String text = "before\n<!-- begin trips -->\nold\n<!-- end trips -->\nafter\n";

        assertThat(Readme.replace(text, SECTION))
                .isEqualTo("before\n<!-- begin trips -->\n\n| a |\n|---|\n\n<!-- end trips -->\nafter\n");
    }

    @Test
    void aMissingPlaceIsRefused() {
        assertThatThrownBy(() -> Readme.replace("nothing", SECTION)).hasMessageContaining("<!-- begin trips -->");
    }
}
