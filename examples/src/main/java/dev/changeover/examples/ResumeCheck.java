package dev.changeover.examples;

import dev.changeover.core.Stage;
import dev.changeover.examples.check.Authority;
import dev.changeover.examples.check.FinalCheck;
import dev.changeover.examples.check.Finding;
import dev.changeover.examples.check.Verdict;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.journal.EntityId;
import dev.changeover.examples.journal.Expectation;
import dev.changeover.examples.journal.Write;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a kill left behind, looked at before this life changes it: what was acknowledged is on the side that leads, and
 * on the other side too unless the key is marked there or the backfill has not come to it yet. Later writes of a key and
 * the drain would hide what is wrong here from the final check.
 */
final class ResumeCheck {

    private final DataSource pool;
    private final Schemas schemas;

    ResumeCheck(DataSource pool, Schemas schemas) {
        this.pool = pool;
        this.schemas = schemas;
    }

    /** Nothing else may use the database: marks are read after the rows. */
    Verdict run(Expectation past, Map<String, Stage> stages) {
        Map<String, Authority> authorities = new TreeMap<>();
        stages.forEach((repository, stage) -> authorities.put(repository, Authority.of(stage)));
        Verdict found = new FinalCheck(pool, schemas).run(withoutVainExcuses(past, stages), authorities);
        return stages.isEmpty() ? found : new Verdict(found.lost(), unexplained(found.divergent()));
    }

    /** What was written after a move to new alone was begun is excused only if the move was made. */
    private static Expectation withoutVainExcuses(Expectation past, Map<String, Stage> stages) {
        Set<EntityId> alone = past.writtenAlone().stream()
                .filter(id -> stages.get(id.repository()) == Stage.NEW_ONLY)
                .collect(Collectors.toSet());
        List<Write> unnamed = past.unnamed().stream()
                .filter(write -> stages.get(write.repository()) == Stage.NEW_ONLY)
                .toList();
        return new Expectation(past.acknowledged(), past.unknown(), past.legal(), alone, unnamed, past.lives());
    }

    private List<Finding> unexplained(List<Finding> divergent) {
        Set<EntityId> marked = marked();
        Set<String> unfilled = unfilled();
        return divergent.stream()
                .filter(finding -> !marked.contains(finding.id()))
                .filter(finding -> !(unfilled.contains(finding.id().repository())
                        && finding.what().endsWith("only on legacy")))
                .toList();
    }

    /** Returns how many keys are marked. */
    int marks() {
        return marked().size();
    }

    private Set<EntityId> marked() {
        String sql =
                "select r.name, m.key from changeover.mark m join changeover.repository r on r.number = m.repository";
        return new HashSet<>(
                new JdbcTemplate(pool).query(sql, (row, n) -> new EntityId(row.getString(1), row.getString(2))));
    }

    private Set<String> unfilled() {
        String sql = "select name from changeover.repository where not backfilled";
        return new HashSet<>(new JdbcTemplate(pool).queryForList(sql, String.class));
    }
}
