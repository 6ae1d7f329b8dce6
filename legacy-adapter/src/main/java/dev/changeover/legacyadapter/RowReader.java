package dev.changeover.legacyadapter;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns one line of the result of {@link SelectSql} into a row with its children. */
final class RowReader {

    private final ResultSet result;
    private int next = 1;

    private RowReader(ResultSet result) {
        this.result = result;
    }

    static Row read(Aggregate aggregate, ResultSet result) throws SQLException {
        RowReader reader = new RowReader(result);
        Map<String, @Nullable String> values = new HashMap<>();
        for (String column : aggregate.root().columns()) {
            values.put(column, result.getString(reader.next++));
        }
        Map<String, List<Row>> children = new HashMap<>();
        for (TableShape child : aggregate.children()) {
            children.put(child.table(), reader.children(child));
        }
        return new Row(aggregate.root(), values, children);
    }

    private List<Row> children(TableShape table) throws SQLException {
        List<Map<String, @Nullable String>> rows = new ArrayList<>();
        for (String column : table.columns()) {
            @Nullable String[] texts = texts(result.getArray(next++));
            for (int i = 0; i < texts.length; i++) {
                if (rows.size() == i) {
                    rows.add(new HashMap<>());
                }
                rows.get(i).put(column, texts[i]);
            }
        }
        return rows.stream().map(row -> new Row(table, row, Map.of())).toList();
    }

    private static @Nullable String[] texts(@Nullable Array array) throws SQLException {
        return array == null ? new String[0] : (@Nullable String[]) array.getArray();
    }
}
