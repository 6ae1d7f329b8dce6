package dev.changeover.legacyadapter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** One row as it should be: the JSON token of each column. */
final class RowImage {

    private final TableShape table;
    private final Map<String, String> tokens = new HashMap<>();
    private final Set<String> kept = new HashSet<>();

    RowImage(TableShape table, String parentKey) {
        this.table = table;
        tokens.put(table.parent(), Json.token(parentKey));
    }

    TableShape table() {
        return table;
    }

    void put(String column, String token) {
        if (!table.columns().contains(column)) {
            throw new IllegalArgumentException("Column " + column + " of " + table.name()
                    + " is not declared. Declare it with columns(..), or do not set it");
        }
        tokens.put(column, token);
    }

    void requireComplete() {
        List<String> missing = new ArrayList<>(table.columns());
        missing.removeAll(tokens.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalStateException("The mapping to " + table.name() + " does not set " + missing
                    + ". Set each declared column, or declare it with own(..)");
        }
    }

    /** What identifies the row within its table. */
    List<String> identity() {
        return table.keyColumns().stream().map(this::token).toList();
    }

    /** Leaves those lossy columns alone whose present value means what this row says. */
    void keepWhatMeansTheSame(RowImage present) {
        for (String column : table.lossy()) {
            if (token(column).equals(present.token(column))) {
                kept.add(column);
            }
        }
    }

    boolean saysTheSame(RowImage other) {
        return table.equals(other.table) && tokens.equals(other.tokens);
    }

    String json() {
        StringJoiner members = new StringJoiner(",", "{", "}");
        tokens.forEach((column, token) -> members.add(Json.token(column) + ":" + token));
        kept.forEach(column -> members.add(Json.token(UpsertSql.KEEP + column) + ":true"));
        return members.toString();
    }

    private String token(String column) {
        return tokens.getOrDefault(column, Json.NULL);
    }
}
