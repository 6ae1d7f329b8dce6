package dev.changeover.core.gate;

import dev.changeover.core.ChangeoverException;
import java.util.List;
import java.util.stream.Collectors;

/** A move was refused because gates of its plan are not passed; nothing was changed. */
public final class GateNotMetException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final transient List<GateReport> reports;

    /** Creates the exception from the reports of the repositories that do not pass. */
    public GateNotMetException(List<GateReport> reports) {
        super(
                reports.stream()
                                .map(report -> report.repository() + ", " + report.move() + ":\n" + report.missing())
                                .collect(Collectors.joining("\n"))
                        + "\nNothing was changed. See to what is missing, or move with overridingGates() and say why",
                null);
        this.reports = List.copyOf(reports);
    }

    /** Returns the reports of the repositories that do not pass. */
    public List<GateReport> reports() {
        return reports;
    }
}
