package dev.changeover.shadowcompare.report;

import java.util.List;

/** All that is said of a repository, in the order in which people ask. */
final class Sections {

    private Sections() {}

    static List<Section> of(TransitionReport report, RepositoryReport repository) {
        return List.of(
                GateSection.of(report, repository),
                ComparisonSection.of(report, repository),
                StageSection.of(report, repository),
                DivergenceSection.of(report, repository),
                CallSection.of(report, repository),
                CopySection.of(report, repository),
                MarkSection.of(report, repository),
                HistorySection.of(repository));
    }
}
