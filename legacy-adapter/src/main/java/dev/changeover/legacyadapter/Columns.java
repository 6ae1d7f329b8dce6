package dev.changeover.legacyadapter;

import dev.changeover.core.ConfigurationException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects and checks what is declared about the columns of one table. */
final class Columns {

    private final String schema;
    private final String table;
    private final Set<String> key = new LinkedHashSet<>();
    private final Set<String> mapped = new LinkedHashSet<>();
    private final Set<String> own = new LinkedHashSet<>();
    private final Set<String> lossy = new LinkedHashSet<>();
    private final Set<String> order = new LinkedHashSet<>();
    private @Nullable String parent;

    Columns(String schema, String table) {
        this.schema = schema;
        this.table = table;
    }

    void parent(String column) {
        parent = column;
    }

    void key(String... names) {
        key.addAll(List.of(names));
    }

    void add(String... names) {
        mapped.addAll(List.of(names));
    }

    void own(String... names) {
        own.addAll(List.of(names));
    }

    void lossy(String... names) {
        lossy.addAll(List.of(names));
    }

    void order(String... names) {
        order.addAll(List.of(names));
    }

    TableShape shape() {
        if (parent == null || key.isEmpty()) {
            throw refused("parent or key is not declared", "Declare parent(..) and key(..)");
        }
        Set<String> all = new LinkedHashSet<>(List.of(parent));
        all.addAll(key);
        all.addAll(mapped);
        requireWithin(all, lossy, "are lossy but not mapped", "Add them to columns(..)");
        requireWithin(all, order, "sort the children but are not mapped", "Add them to columns(..)");
        if (all.stream().anyMatch(own::contains)) {
            throw refused(
                    "a column is both mapped and owned by this side alone", "Remove it from columns(..) or own(..)");
        }
        return new TableShape(
                schema,
                table,
                parent,
                List.copyOf(key),
                List.copyOf(all),
                Set.copyOf(lossy),
                List.copyOf(order.isEmpty() ? key : order));
    }

    private void requireWithin(Set<String> all, Collection<String> some, String problem, String remedy) {
        if (!all.containsAll(some)) {
            throw refused(some + " " + problem, remedy);
        }
    }

    private ConfigurationException refused(String problem, String remedy) {
        return new ConfigurationException(schema + "." + table, problem, remedy);
    }
}
