package dev.changeover.core.request;

import dev.changeover.core.Changeover;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.Gates;
import java.util.ArrayList;
import java.util.List;

/** Says whether a repository may go on, and what a step back would cost. */
final class GatesHandler implements RequestHandler {

    private final Changeover changeover;

    GatesHandler(Changeover changeover) {
        this.changeover = changeover;
    }

    @Override
    public RequestResult handle(Request request) {
        List<GateReport> reports = reports(request);
        boolean passed = reports.stream().allMatch(GateReport::passed);
        RequestResult result = passed ? RequestResult.done() : RequestResult.notMet("gates: not all are passed");
        return result.with("reports", GateValues.reports(reports))
                .with("back", GateValues.back(changeover.gates().back(request.repository())));
    }

    private List<GateReport> reports(Request request) {
        RequestArguments arguments = request.arguments().only("stage", "percent");
        Gates gates = changeover.gates();
        List<GateReport> reports = new ArrayList<>();
        if (arguments.has("stage")) {
            reports.add(gates.before(request.repository(), arguments.stage("stage")));
        }
        if (arguments.has("percent")) {
            reports.add(gates.beforePercent(request.repository(), arguments.percent("percent")));
        }
        return reports.isEmpty() ? next(gates, changeover.stages().of(request.repository())) : reports;
    }

    private static List<GateReport> next(Gates gates, RepositoryState state) {
        List<GateReport> reports = new ArrayList<>();
        if (state.stage() == Stage.RAMP && state.percent() < 100) {
            reports.add(gates.beforePercent(state.name(), 100));
        }
        if (state.stage() != Stage.NEW_ONLY) {
            reports.add(gates.before(state.name(), Stage.values()[state.stage().ordinal() + 1]));
        }
        return reports;
    }

    @Override
    public boolean alongside() {
        return true;
    }
}
