package dev.changeover.benchmarks.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.benchmarks.Options;
import dev.changeover.benchmarks.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything runs once on small tables; each way fails by itself if it copies or finds anything but what is right. */
class BulkSmokeTest {

    @Test
    void everyWayIsMeasuredAtBothSizes() throws Exception {
        List<Section> sections = new BulkRun(Options.parse("bulk", "--short", "--rows", "1500,3000")).run();

        assertThat(sections)
                .extracting(Section::marker)
                .containsExactly("bulk-fill", "bulk-check", "bulk-memory", "bulk-live");
        assertThat(sections.get(0).lines()).hasSize(2 + 2 + Fill.values().length);
        assertThat(sections.get(1).lines()).hasSize(2 + 2 + Check.values().length);
        assertThat(sections.get(2).lines()).hasSize(2 + 2 + Job.values().length);
        assertThat(sections.get(3).lines()).hasSize(2 + 2 + 2 * LiveTraffic.Pace.values().length);
    }
}
