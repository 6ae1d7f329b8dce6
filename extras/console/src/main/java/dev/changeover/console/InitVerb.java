package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.control.ControlSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "init", description = "Creates the control schema unless it is there.")
final class InitVerb extends Verb {
    private static final String THERE = "SELECT (to_regclass('changeover.schema_version') IS NOT NULL)::text";

    @Option(names = "--grant", paramLabel = "ROLE", description = "Let the role of the application use it, too.")
    @Nullable
    String role;

    @Option(names = "--dry-run", description = "Print the statements, try them and roll them back.")
    boolean dryRun;

    InitVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        boolean present = session.database().write(dryRun, connection -> {
            boolean before = Boolean.parseBoolean(present(connection));
            ControlSchema.apply(connection);
            grant(connection);
            return before;
        });
        String sql = (present ? "" : ControlSchema.ddl()) + grants();
        ObjectNode json = Json.object()
                .put("schema", "changeover")
                .put("version", ControlSchema.VERSION)
                .put("created", !present && !dryRun)
                .put("dryRun", dryRun)
                .put("sql", dryRun ? sql : null);
        return Outcome.done(json, screen -> {
            if (dryRun) {
                screen.raw(sql);
            }
            String what = "control schema, version " + ControlSchema.VERSION;
            screen.note(
                    present
                            ? "The " + what + ", is there already."
                            : dryRun
                                    ? "The " + what + ", could be created; nothing was."
                                    : "Created the " + what + ".");
        });
    }

    private static String present(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(THERE)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void grant(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (role != null) {
                statement.execute(grants());
            }
        }
    }

    private String grants() {
        return role == null ? "" : ControlSchema.grants(role);
    }
}
