package dev.changeover.shadowcompare.report;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.GateReport;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/**
 * All that is known of a transition at one instant. It is read from the control schema alone, so that who has neither the
 * mapping nor the application can make it; what gates say is the application's and is added where it is known.
 * {@link Reports} writes it.
 *
 * <pre>{@code
 * TransitionReport report = TransitionReport.read(pool).withGates(reports, backMoves);
 * Files.writeString(path, Reports.html(report));
 * }</pre>
 *
 * <p>It is bounded, however much differs: of each kind of thing it holds the most urgent or latest, and how many there
 * are. Its texts are plain and cut.
 *
 * @param at the moment that it describes, by the server's clock
 * @param since from when on it counts comparisons, calls and steps
 * @param repositories one for each repository, by name
 */
public record TransitionReport(Instant at, Instant since, List<RepositoryReport> repositories) {

    /** Copies the list. */
    public TransitionReport {
        repositories = List.copyOf(repositories);
    }

    /** Reads what there is, with the counts of the last day. See {@link #read(DataSource, Duration)}. */
    public static TransitionReport read(DataSource dataSource) {
        return read(dataSource, Duration.ofDays(1));
    }

    /**
     * Reads what there is in one snapshot, on one connection, and writes nothing. The role needs SELECT on the tables and
     * views of the control schema and EXECUTE on the functions of its views.
     *
     * @param window for how long back comparisons and calls are counted, at least a minute
     * @throws IllegalArgumentException if the window is shorter
     * @throws ChangeoverException if the control schema cannot be read
     */
    public static TransitionReport read(DataSource dataSource, Duration window) {
        if (window.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("report.window is " + window + ". Give a minute or more, such as a day");
        }
        try {
            return ReportReader.read(dataSource, window);
        } catch (SQLException e) {
            throw new ChangeoverException(
                    "the report could not be read: " + e.getMessage()
                            + ". The role needs SELECT on all tables of the schema changeover, see docs/dba.md",
                    e);
        }
    }

    /**
     * Returns this report with what an instance of the application said of the next moves. A repository of which nothing
     * is given stays one that was not asked.
     *
     * @param moves one for each move of each repository that was asked for
     * @param back what a step back would cost
     */
    public TransitionReport withGates(List<GateReport> moves, List<BackMove> back) {
        return new TransitionReport(
                at,
                since,
                repositories.stream()
                        .map(each -> each.withGates(GateAnswers.of(each.name(), moves, back)))
                        .toList());
    }
}
