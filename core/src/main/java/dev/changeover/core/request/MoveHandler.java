package dev.changeover.core.request;

import dev.changeover.core.Changeover;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.gate.GateReport;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Moves repositories to a stage. */
final class MoveHandler implements RequestHandler {

    private final Changeover changeover;

    MoveHandler(Changeover changeover) {
        this.changeover = changeover;
    }

    @Override
    public RequestResult handle(Request request) {
        RequestArguments arguments =
                request.arguments().only("stage", "with", "expectedEpoch", "overrideGates", "dryRun");
        Stage target = arguments.stage("stage");
        List<String> repositories = Stream.concat(Stream.of(request.repository()), arguments.texts("with").stream())
                .distinct()
                .toList();
        Long epoch = arguments.numberOrNull("expectedEpoch");
        if (epoch != null && repositories.size() > 1) {
            throw arguments.refused("expectedEpoch", "it is for one repository", "Move one, or leave the epoch out");
        }
        List<GateReport> gates = repositories.stream()
                .map(name -> changeover.gates().before(name, target))
                .toList();
        return new Switching(
                        changeover,
                        request,
                        repositories,
                        gates,
                        "MOVE",
                        Switching.telling("stage", RepositoryState::stage))
                .run(stages -> move(stages, request, repositories, target, epoch));
    }

    private static List<RepositoryState> move(
            dev.changeover.core.Stages stages,
            Request request,
            List<String> repositories,
            Stage target,
            @Nullable Long epoch) {
        return epoch == null
                ? stages.moveTogether(repositories, target, request.actor(), request.reason())
                : List.of(stages.moveFrom(epoch, request.repository(), target, request.actor(), request.reason()));
    }
}
