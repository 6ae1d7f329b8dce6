package dev.changeover.newadapter;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.util.postgres.PostgresUtils;
import org.jspecify.annotations.Nullable;

/**
 * The writing statements of one table, where the values of each column come as one array. So the text does not depend
 * on the number of rows: it is made once, and the server plans it once.
 */
final class ArrayTable {

    private final TableShape shape;
    private final Map<Field<?>, Field<?>> revival;

    ArrayTable(TableShape shape, Map<Field<?>, Field<?>> revival) {
        this.shape = shape;
        this.revival = revival;
    }

    static boolean carries(TableShape shape) {
        return shape.fields().stream().allMatch(field -> ArrayTypes.name(field) != null);
    }

    TableShape shape() {
        return shape;
    }

    String upsert() {
        List<String> settings = settings();
        return insert()
                + onConflict()
                + (settings.isEmpty()
                        ? " do nothing"
                        : " do update set " + String.join(", ", settings) + " where " + String.join(" or ", changes()));
    }

    /** Its rows are the keys as text. */
    String insertMissing() {
        return insert() + onConflict() + " do nothing returning t." + quoted(shape.parent()) + "::text";
    }

    /** Tells whether there is a row of any of the given keys. */
    String holdsAny(String keyType) {
        return "select exists (select from " + shape.quoted() + " as t where t." + quoted(shape.parent())
                + " = any (?::text[]::" + keyType + "[]))";
    }

    /** Deletes the children of the given roots that are not among the given rows. */
    String deleteVanished(String keyType) {
        return "delete from " + shape.quoted() + " as t where t." + quoted(shape.parent())
                + " in (select unnest(?::text[])::" + keyType + ") and (" + list("t.", shape.keys())
                + ") not in (select * from " + unnest(shape.keys()) + " as i)";
    }

    int bindRows(PreparedStatement statement, int first, List<RowImage> rows) throws SQLException {
        int next = first;
        for (Field<?> field : shape.fields()) {
            bind(statement, next++, rows, row -> value(row, field));
        }
        for (Field<?> field : lossy()) {
            bind(statement, next++, rows, row -> row.keeps(field));
        }
        return next;
    }

    int bindVanished(PreparedStatement statement, int first, Collection<String> keys, List<RowImage> rows)
            throws SQLException {
        int next = first;
        bind(statement, next++, keys, key -> key);
        for (Field<?> field : shape.keys()) {
            bind(statement, next++, rows, row -> value(row, field));
        }
        return next;
    }

    static <T> void bind(PreparedStatement statement, int index, Collection<T> all, Function<T, @Nullable Object> value)
            throws SQLException {
        statement.setObject(
                index, PostgresUtils.toPGArrayString(all.stream().map(value).toArray()), Types.OTHER);
    }

    private @Nullable Object value(RowImage row, Field<?> field) {
        return ArrayTypes.toDatabase(field, row.value(shape.position(field)));
    }

    private String onConflict() {
        return " on conflict (" + list("", shape.keys()) + ")";
    }

    /** Fails on rows that are there. */
    String insert() {
        List<String> targets = new ArrayList<>();
        shape.fields().forEach(field -> targets.add(quoted(field)));
        revival.keySet().forEach(field -> targets.add(quoted(field)));
        // ids are copied, also into columns that the server would rather fill by itself
        return "insert into " + shape.quoted() + " as t (" + String.join(", ", targets)
                + ") overriding system value select " + String.join(", ", values()) + " from " + source();
    }

    private List<String> values() {
        List<String> values = new ArrayList<>();
        for (Field<?> field : shape.fields()) {
            String given = "s." + quoted(field);
            values.add(
                    shape.lossy().contains(field)
                            ? "case when s." + keep(field) + " then p." + quoted(field) + " else " + given + " end"
                            : given);
        }
        revival.values().forEach(value -> values.add(revived(value)));
        return values;
    }

    /** The present rows are locked, so what they say is still what the images were compared with. */
    private String source() {
        List<String> names = new ArrayList<>();
        shape.fields().forEach(field -> names.add(quoted(field)));
        lossy().forEach(field -> names.add(keep(field)));
        String given = unnest(shape.fields());
        if (lossy().isEmpty()) {
            return given + " as s (" + String.join(", ", names) + ")";
        }
        String flags = ", ?::bool[]".repeat(lossy().size());
        return given.substring(0, given.length() - 1) + flags + ") with ordinality as s (" + String.join(", ", names)
                + ", \"row number\") left join " + shape.quoted() + " as p on (" + list("p.", shape.keys()) + ") = ("
                + list("s.", shape.keys()) + ") order by s.\"row number\"";
    }

    private static String unnest(List<Field<?>> fields) {
        return fields.stream()
                .map(field -> "?::" + ArrayTypes.name(field) + "[]")
                .collect(Collectors.joining(", ", "unnest(", ")"));
    }

    private List<String> settings() {
        List<String> settings = new ArrayList<>();
        shape.updatable().forEach(field -> settings.add(quoted(field) + " = excluded." + quoted(field)));
        revival.forEach((field, value) -> settings.add(quoted(field) + " = " + revived(value)));
        return settings;
    }

    /** Compared as text: some types have no equality (json), and for others equal values read differently (citext). */
    private List<String> changes() {
        List<String> changes = new ArrayList<>();
        shape.updatable().forEach(field -> changes.add(differs(field, "excluded." + quoted(field))));
        revival.forEach((field, value) -> changes.add(differs(field, revived(value))));
        return changes;
    }

    private static String differs(Field<?> field, String value) {
        return "t." + quoted(field) + "::text is distinct from " + value + "::text";
    }

    private List<Field<?>> lossy() {
        return shape.fields().stream().filter(shape.lossy()::contains).toList();
    }

    private static String revived(Field<?> value) {
        return "(" + Jooq.OFFLINE.renderInlined(value) + ")";
    }

    private static String keep(Field<?> field) {
        return QualifiedName.quote("keep " + field.getName());
    }

    private static String quoted(Field<?> field) {
        return QualifiedName.quote(field.getName());
    }

    private static String list(String prefix, List<Field<?>> fields) {
        return fields.stream().map(field -> prefix + quoted(field)).collect(Collectors.joining(", "));
    }
}
