package dev.changeover.core.projection;

import static dev.changeover.core.projection.ProjectedTable.list;
import static dev.changeover.core.projection.ProjectedTable.quote;

import dev.changeover.core.SqlProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The statements of a projection. Keys are taken as an array of the key's type or of text. */
record ProjectionSql(
        ProjectedEntity entity,
        String keyType,
        Map<String, String> takes,
        Map<String, String> meanings,
        Map<String, String> yields,
        Map<String, String> childSelects)
        implements SqlProjection {

    @Override
    public List<String> columns() {
        return List.copyOf(yields.keySet());
    }

    @Override
    public String select() {
        List<String> columns = new ArrayList<>();
        yields.forEach((canonical, expression) -> columns.add("(" + expression + ") AS " + quote(canonical)));
        String absent = entity.absent();
        return "SELECT " + String.join(", ", columns) + " FROM " + root().quoted() + " AS r"
                + (absent == null ? "" : " WHERE (" + absent + ") IS NOT TRUE");
    }

    /** Removal first, vanished children next: the rows that come may need their unique values. */
    @Override
    public List<String> absorb(String source) {
        List<String> statements = new ArrayList<>(removal(source));
        entity.children().forEach(child -> statements.add(deleteVanished(child, source)));
        statements.add(insertRoot(source) + onConflict() + root().onConflict(entity.revival()));
        entity.children().forEach(child -> statements.add(insertChild(child, source) + child.onConflict(Map.of())));
        return statements;
    }

    /** The statements behind the first are to be given the keys that the first returned. */
    @Override
    public List<String> absorbMissing(String source) {
        List<String> statements = new ArrayList<>();
        statements.add(insertRoot(source) + onConflict() + " DO NOTHING RETURNING t." + quote(root().parent()));
        entity.children().forEach(child -> statements.add(insertChild(child, source) + child.onConflict(Map.of())));
        return statements;
    }

    @Override
    public String holdsAny() {
        return "SELECT EXISTS (SELECT FROM " + root().quoted() + " AS t WHERE t." + quote(root().parent()) + among()
                + ")";
    }

    @Override
    public List<String> absorbNew(String source) {
        List<String> statements = new ArrayList<>();
        statements.add(insertRoot(source));
        entity.children().forEach(child -> statements.add(insertChild(child, source) + child.onConflict(Map.of())));
        return statements;
    }

    private List<String> removal(String source) {
        List<String> statements = new ArrayList<>();
        if (entity.removal().isEmpty()) {
            entity.children().forEach(child -> statements.add(deleteUnknown(child, source)));
            statements.add(deleteUnknown(root(), source));
            return statements;
        }
        List<String> settings = new ArrayList<>();
        entity.removal().forEach((column, value) -> settings.add(quote(column) + " = " + value));
        statements.add("UPDATE " + root().quoted() + " AS t SET " + String.join(", ", settings) + " WHERE "
                + unknown(root(), source) + " AND (" + entity.absent() + ") IS NOT TRUE");
        return statements;
    }

    private String deleteUnknown(ProjectedTable table, String source) {
        return "DELETE FROM " + table.quoted() + " AS t WHERE " + unknown(table, source);
    }

    private String unknown(ProjectedTable table, String source) {
        String parent = "t." + quote(table.parent());
        return parent + among() + " AND NOT EXISTS (SELECT FROM " + source + " AS s WHERE s." + sourceKey() + " = "
                + parent + ")";
    }

    /** The children of a softly removed root stay with it. */
    private String deleteVanished(ProjectedTable child, String source) {
        String parent = "t." + quote(child.parent());
        String known = entity.removal().isEmpty()
                ? ""
                : " AND EXISTS (SELECT FROM " + source + " AS s WHERE s." + sourceKey() + " = " + parent + ")";
        return "DELETE FROM " + child.quoted() + " AS t WHERE " + parent + among() + known
                + " AND NOT EXISTS (SELECT FROM (" + childSelect(child, source) + ") AS i WHERE ("
                + list("i.", child.keyColumns()) + ") = (" + list("t.", child.keyColumns()) + "))";
    }

    private String insertRoot(String source) {
        List<String> targets = new ArrayList<>(root().columns());
        targets.addAll(entity.revival().keySet());
        List<String> values = new ArrayList<>();
        root().columns().forEach(column -> values.add(value(column)));
        entity.revival().values().forEach(value -> values.add("(" + value + ")"));
        String present = meanings.isEmpty()
                ? ""
                : " LEFT JOIN " + root().quoted() + " AS r ON r." + quote(root().parent()) + " = s." + sourceKey();
        return "INSERT INTO " + root().quoted() + " AS t (" + list("", targets) + ") OVERRIDING SYSTEM VALUE SELECT "
                + String.join(", ", values) + " FROM " + source + " AS s" + present + " WHERE s." + sourceKey()
                + among()
                + " ORDER BY s." + sourceKey();
    }

    private String onConflict() {
        return " ON CONFLICT (" + list("", root().keyColumns()) + ")";
    }

    private String value(String column) {
        if (column.equals(root().parent())) {
            return "s." + sourceKey();
        }
        String given = "(" + takes.get(column) + ")";
        String meaning = meanings.get(column);
        if (meaning == null) {
            return given;
        }
        return "CASE WHEN r." + quote(root().parent()) + " IS NOT NULL AND (" + yields.get(meaning)
                + ")::text IS NOT DISTINCT FROM s." + quote(meaning) + "::text THEN r." + quote(column) + " ELSE "
                + given
                + " END";
    }

    private String insertChild(ProjectedTable child, String source) {
        return "INSERT INTO " + child.quoted() + " AS t (" + list("", child.columns())
                + ") OVERRIDING SYSTEM VALUE SELECT "
                + list("i.", child.columns()) + " FROM (" + childSelect(child, source) + ") AS i WHERE i."
                + quote(child.parent()) + among() + " ORDER BY " + list("i.", child.keyColumns()) + " ON CONFLICT ("
                + list("", child.keyColumns()) + ")";
    }

    private String childSelect(ProjectedTable child, String source) {
        return childSelects.getOrDefault(child.name(), "").replace("{source}", source);
    }

    private String among() {
        return " = ANY (?::text[]::" + keyType + "[])";
    }

    private String sourceKey() {
        return quote(columns().get(0));
    }

    private ProjectedTable root() {
        return entity.root();
    }
}
