package dev.changeover.console;

import dev.changeover.console.terminal.Json;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(name = "completion", description = "Prints a script for bash and zsh: source <(changeover completion)")
final class CompletionVerb extends Verb {

    private final Surroundings around;

    CompletionVerb(Root root, Surroundings around) {
        super(root, around);
        this.around = around;
    }

    @Override
    Outcome run(Session session) {
        CommandLine all = Program.of(around);
        String script = AutoComplete.bash("changeover", all);
        return Outcome.done(Json.object().put("script", script), screen -> screen.raw(script));
    }
}
