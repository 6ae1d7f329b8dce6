package dev.changeover.newadapter;

import dev.changeover.core.KeyType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One bind value for each column; the statements of root and children are one text and travel together. */
final class ArrayWrites<K> implements Writes<K> {

    private final KeyType<K> keyType;
    private final ArrayTable root;
    private final List<ArrayTable> children;
    private final String upsert;
    private final String holdsAny;
    private final String insertNew;
    private final String insertMissing;
    private final @Nullable String replaceChildren;

    private ArrayWrites(Aggregate aggregate, KeyType<K> keyType) {
        this.keyType = keyType;
        this.root = new ArrayTable(aggregate.root(), aggregate.revival());
        this.children = aggregate.children().stream()
                .map(child -> new ArrayTable(child, Map.of()))
                .toList();
        this.insertMissing = root.insertMissing();
        this.replaceChildren = children.isEmpty() ? null : replacement();
        this.holdsAny = root.holdsAny(keyType.sqlType());
        this.insertNew = replaceChildren == null ? root.insert() : root.insert() + ";\n" + replaceChildren;
        this.upsert = replaceChildren == null ? root.upsert() : root.upsert() + ";\n" + replaceChildren;
    }

    /** Returns null if some value cannot travel in an array. */
    static <K> @Nullable ArrayWrites<K> of(Aggregate aggregate, KeyType<K> keyType) {
        return aggregate.tables().stream().allMatch(ArrayTable::carries) ? new ArrayWrites<>(aggregate, keyType) : null;
    }

    @Override
    public void upsert(Connection connection, Images<K> images) throws SQLException {
        write(connection, upsert, images);
    }

    private void write(Connection connection, String sql, Images<K> images) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int next = root.bindRows(statement, 1, images.rows(root.shape()).toList());
            bindChildren(statement, next, images);
            statement.execute();
        }
    }

    /**
     * Mostly there is no row of any of the keys, and a plain INSERT costs a fifth less than one that looks for conflicts. It
     * fails on a row that somebody inserts meanwhile.
     */
    @Override
    public Set<K> insertMissing(Connection connection, Images<K> images) throws SQLException {
        if (!holdsAny(connection, images)) {
            write(connection, insertNew, images);
            return Set.copyOf(images.keys());
        }
        return insertOthers(connection, images);
    }

    private boolean holdsAny(Connection connection, Images<K> images) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(holdsAny)) {
            ArrayTable.bind(statement, 1, images.keys(), keyType::encode);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private Set<K> insertOthers(Connection connection, Images<K> images) throws SQLException {
        Set<K> inserted = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(insertMissing)) {
            root.bindRows(statement, 1, images.rows(root.shape()).toList());
            try (ResultSet keys = statement.executeQuery()) {
                while (keys.next()) {
                    inserted.add(keyType.decode(keys.getString(1)));
                }
            }
        }
        if (replaceChildren != null && !inserted.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(replaceChildren)) {
                bindChildren(statement, 1, images.only(inserted));
                statement.execute();
            }
        }
        return inserted;
    }

    /** Vanished children go first: their successors may need the unique values that they hold. */
    private String replacement() {
        StringBuilder text = new StringBuilder();
        children.forEach(
                child -> text.append(child.deleteVanished(keyType.sqlType())).append(";\n"));
        children.forEach(child -> text.append(child.upsert()).append(";\n"));
        return text.substring(0, text.length() - 2);
    }

    private void bindChildren(PreparedStatement statement, int first, Images<K> images) throws SQLException {
        List<String> keys = images.keys().stream().map(keyType::encode).toList();
        int next = first;
        for (ArrayTable child : children) {
            next = child.bindVanished(
                    statement, next, keys, images.rows(child.shape()).toList());
        }
        for (ArrayTable child : children) {
            next = child.bindRows(statement, next, images.rows(child.shape()).toList());
        }
    }
}
