package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.shadowcompare.report.Checklist;
import java.sql.SQLException;
import picocli.CommandLine.Command;

@Command(name = "checklist", description = "Tells what is done of the transition and what is left, as a list of tasks.")
final class ChecklistVerb extends Verb {

    ChecklistVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        Checklist checklist = Checklist.read(session.database().source(false));
        ObjectNode json = Json.object().put("done", checklist.done());
        ArrayNode items = json.putArray("items");
        for (Checklist.Item item : checklist.items()) {
            ObjectNode each = items.addObject().put("text", item.text()).put("done", item.done());
            each.put("attest", item.attested());
            item.open().forEach(each.putArray("open")::add);
        }
        return Outcome.done(json, screen -> checklist.markdown().lines().forEach(screen::line));
    }
}
