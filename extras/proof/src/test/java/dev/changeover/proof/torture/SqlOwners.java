package dev.changeover.proof.torture;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The owners of either schema, a root and its children in two tables. */
final class SqlOwners implements Owners {

    private final Sql sql;
    private final String select;
    private final String upsert;
    private final String clear;
    private final String insertChildren;
    private final String delete;

    SqlOwners(Sql sql, String table, String name, String children, String parent, String number) {
        this.sql = sql;
        this.select = "SELECT o.id, o." + name + ", o.version, ARRAY(SELECT c." + number + " FROM " + children
                + " c WHERE c." + parent + " = o.id ORDER BY c.place) FROM " + table + " o WHERE o.id = ?";
        this.upsert = "INSERT INTO " + table + " (id, " + name + ", version) VALUES (?, ?, ?) ON CONFLICT (id)"
                + " DO UPDATE SET " + name + " = excluded." + name + ", version = excluded.version";
        this.clear = "DELETE FROM " + children + " WHERE " + parent + " = ?";
        this.insertChildren = "INSERT INTO " + children + " (" + parent + ", place, " + number + ")"
                + " SELECT ?, * FROM unnest(?::bigint[], ?::text[])";
        this.delete = "DELETE FROM " + table + " WHERE id = ?";
    }

    @Override
    public Optional<Owner> find(long id) {
        return sql
                .query(
                        row -> new Owner(
                                row.getLong(1), row.getString(2), row.getLong(3), List.copyOf(Arrays.asList((String[])
                                        row.getArray(4).getArray()))),
                        select,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public Owner save(Owner owner) {
        sql.update(upsert, owner.id(), owner.name(), owner.version());
        sql.update(clear, owner.id());
        if (!owner.phones().isEmpty()) {
            List<Long> places = IntStream.range(0, owner.phones().size())
                    .mapToObj(Long::valueOf)
                    .toList();
            sql.update(insertChildren, owner.id(), places, owner.phones());
        }
        return owner;
    }

    @Override
    public void delete(long id) {
        sql.update(delete, id);
    }
}
