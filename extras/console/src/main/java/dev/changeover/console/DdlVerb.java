package dev.changeover.console;

import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.control.ControlSchema;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ddl", description = "Prints the control schema, or what roles need; touches no database.")
final class DdlVerb extends Verb {

    @Option(names = "--grants", paramLabel = "ROLE", description = "What the role of the application needs.")
    @Nullable
    String application;

    @Option(names = "--operator", paramLabel = "ROLE", description = "What the role of this command line needs.")
    @Nullable
    String operator;

    @Option(names = "--drop", description = "What removes the schema.")
    boolean drop;

    DdlVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) {
        String sql = sql();
        return Outcome.done(Json.object().put("sql", sql), screen -> screen.raw(sql));
    }

    private String sql() {
        if ((application == null ? 0 : 1) + (operator == null ? 0 : 1) + (drop ? 1 : 0) > 1) {
            throw ConsoleException.usage("--grants, --operator and --drop are three things", "Give one of them");
        } else if (application != null) {
            return ControlSchema.grants(application);
        } else if (operator != null) {
            return Operator.grants(operator);
        }
        return drop ? ControlSchema.drop() : ControlSchema.ddl();
    }
}
