package dev.changeover.newadapter;

import dev.changeover.core.ConfigurationException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Table;

/** Collects and checks what is declared about the fields of one table. */
final class Fields {

    private final Table<?> table;
    private final Field<?> parent;
    private final Set<Field<?>> key = new LinkedHashSet<>();
    private final Set<Field<?>> mapped = new LinkedHashSet<>();
    private final Set<Field<?>> own = new LinkedHashSet<>();
    private final Set<Field<?>> lossy = new LinkedHashSet<>();
    private final Set<Field<?>> order = new LinkedHashSet<>();

    Fields(Table<?> table, Field<?> parent) {
        this.table = table;
        this.parent = parent;
    }

    void key(Field<?>... fields) {
        key.addAll(List.of(fields));
    }

    void add(Field<?>... fields) {
        mapped.addAll(List.of(fields));
    }

    void own(Field<?>... fields) {
        own.addAll(List.of(fields));
    }

    void lossy(Field<?>... fields) {
        lossy.addAll(List.of(fields));
    }

    void order(Field<?>... fields) {
        order.addAll(List.of(fields));
    }

    TableShape shape() {
        if (key.isEmpty()) {
            throw refused("the key is not declared", "Declare key(..)");
        }
        Set<Field<?>> all = new LinkedHashSet<>(List.of(parent));
        all.addAll(key);
        all.addAll(mapped);
        if (!all.containsAll(lossy) || !all.containsAll(order)) {
            throw refused("a field is lossy, or sorts the children, but is not mapped", "Add it to fields(..)");
        }
        if (all.stream().anyMatch(own::contains)) {
            throw refused(
                    "a field is both mapped and owned by this side alone", "Remove it from fields(..) or own(..)");
        }
        return TableShape.of(
                table,
                parent,
                List.copyOf(key),
                List.copyOf(all),
                Set.copyOf(lossy),
                List.copyOf(order.isEmpty() ? key : order));
    }

    private ConfigurationException refused(String problem, String remedy) {
        return new ConfigurationException(String.valueOf(table), problem, remedy);
    }
}
