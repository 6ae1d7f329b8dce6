package dev.changeover.console.doctor;

import dev.changeover.console.connect.Database;
import dev.changeover.core.control.ControlSchema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks at the server, at the control schema and at the transition, and says what to do. Changes nothing. */
public final class Doctor {
    private static final String THERE = "SELECT to_regclass('changeover.schema_version') IS NOT NULL AS present";
    private static final String VERSION = "SELECT max(version) AS version FROM changeover.schema_version";

    private final Database database;

    /** For this database. */
    public Doctor(Database database) {
        this.database = database;
    }

    /**
     * Looks at everything.
     *
     * @throws SQLException if there is no connection
     */
    public List<Finding> look() throws SQLException {
        List<Finding> findings = new ArrayList<>();
        database.rows("SELECT 1 AS one");
        findings.add(new Finding("connection", Finding.Verdict.OK, "to " + database.target(), ""));
        findings.add(new PoolerCheck(database).look());
        ServerChecks.ALL.forEach(check -> findings.addAll(check.look(database)));
        Finding schema = schema();
        findings.add(schema);
        if (schema.verdict() == Finding.Verdict.OK) {
            TransitionChecks.ALL.forEach(check -> findings.addAll(check.look(database)));
        }
        return findings;
    }

    private Finding schema() {
        String name = "control schema";
        try {
            boolean present = database.rows(THERE).get(0).get("present").asBoolean();
            int version = present ? database.rows(VERSION).get(0).get("version").asInt() : 0;
            if (version == ControlSchema.VERSION) {
                return new Finding(name, Finding.Verdict.OK, "version " + version, "");
            }
            return new Finding(
                    name,
                    Finding.Verdict.FAIL,
                    version == 0 ? "it is not there" : "version " + version + " instead of " + ControlSchema.VERSION,
                    version == 0 ? "changeover init" : "Use the jar that goes with the library of the application");
        } catch (SQLException e) {
            return new Finding(
                    name,
                    Finding.Verdict.FAIL,
                    "this role may not look at it (SQL state " + e.getSQLState() + ")",
                    "changeover ddl --operator ROLE prints the grants that are needed");
        }
    }
}
