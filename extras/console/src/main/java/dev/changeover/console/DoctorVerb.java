package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.doctor.Doctor;
import dev.changeover.console.doctor.Finding;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Table;
import java.sql.SQLException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description = "Looks for what would stop or hurt the transition, and says what to do about it.")
final class DoctorVerb extends Verb {

    DoctorVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        List<Finding> findings = new Doctor(session.database()).look();
        boolean failed = findings.stream().anyMatch(each -> each.verdict() == Finding.Verdict.FAIL);
        ObjectNode json = Json.object();
        ArrayNode all = json.putArray("findings");
        findings.forEach(each -> all.addObject()
                .put("check", each.check())
                .put("verdict", each.verdict().name())
                .put("found", each.found())
                .put("remedy", each.remedy().isEmpty() ? null : each.remedy()));
        return new Outcome(
                json.put("healthy", !failed),
                screen -> {
                    Table table = Table.of("VERDICT", "CHECK", "FOUND", "REMEDY");
                    findings.forEach(each -> table.row(each.verdict(), each.check(), each.found(), each.remedy()));
                    screen.table(table);
                },
                failed ? Exit.NOT_MET : Exit.DONE);
    }
}
