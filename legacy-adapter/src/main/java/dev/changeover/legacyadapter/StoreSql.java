package dev.changeover.legacyadapter;

import static dev.changeover.legacyadapter.TableShape.list;
import static dev.changeover.legacyadapter.TableShape.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The statements of a store, rendered once. Keys come as one array, rows as one JSON text per table. */
final class StoreSql {

    private final Aggregate aggregate;
    private final String keyArray;
    private final SelectSql select;
    private final String insertMissing;
    private final Script upsert;
    private final Script replaceChildren;
    private final Script remove;

    StoreSql(Aggregate aggregate, String keyType) {
        this.aggregate = aggregate;
        // through text, so that the driver needs not look up the array type of the key
        this.keyArray = "ANY (?::text[]::" + keyType + "[])";
        this.select = new SelectSql(aggregate, keyType, keyArray);
        UpsertSql root = new UpsertSql(aggregate.root(), aggregate.revival());
        this.insertMissing = root.insertMissing();
        this.replaceChildren = Script.of(childReplacements());
        this.upsert = Script.of(both(root.upsert(), childReplacements()));
        this.remove = Script.of(removal());
    }

    String find() {
        return select.present();
    }

    String lockPresent() {
        return select.locked();
    }

    String keys(boolean afterOne) {
        return select.keys(afterOne);
    }

    String estimate() {
        return select.estimate();
    }

    Script upsert() {
        return upsert;
    }

    /** Writes the root rows that are missing and returns their keys as text. */
    String insertMissing() {
        return insertMissing;
    }

    Script replaceChildren() {
        return replaceChildren;
    }

    Script remove() {
        return remove;
    }

    /** Vanished children go first: their successors may need the unique values that they hold. */
    private List<Script> childReplacements() {
        List<Script> statements = new ArrayList<>();
        for (TableShape child : aggregate.children()) {
            statements.add(new UpsertSql(child, Map.of()).deleteVanished(keyArray));
        }
        for (TableShape child : aggregate.children()) {
            statements.add(new UpsertSql(child, Map.of()).upsert());
        }
        return statements;
    }

    private List<Script> removal() {
        if (!aggregate.removal().isEmpty()) {
            return List.of(removalBySetting());
        }
        List<Script> statements = new ArrayList<>();
        aggregate.children().forEach(child -> statements.add(delete(child)));
        statements.add(delete(aggregate.root()));
        return statements;
    }

    private Script delete(TableShape table) {
        return ofKeys("DELETE FROM " + table.quoted() + " WHERE " + quote(table.parent()) + " = " + keyArray);
    }

    private Script removalBySetting() {
        List<String> settings = new ArrayList<>();
        aggregate.removal().forEach((column, value) -> settings.add(quote(column) + " = " + value));
        return ofKeys("UPDATE " + aggregate.root().quoted() + " SET " + String.join(", ", settings) + " WHERE "
                + list(aggregate.root().keyColumns()) + " = " + keyArray + select.unlessAbsent());
    }

    private static Script ofKeys(String text) {
        return new Script(text, List.of(Script.Parameter.KEYS));
    }

    private static List<Script> both(Script first, List<Script> others) {
        List<Script> all = new ArrayList<>();
        all.add(first);
        all.addAll(others);
        return all;
    }
}
