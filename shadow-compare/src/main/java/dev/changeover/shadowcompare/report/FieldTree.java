package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Divergences.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a tree of paths. */
final class FieldTree {
    private final Map<String, FieldTree> inside = new TreeMap<>();
    private long count;
    private long unreviewed;

    private FieldTree() {}

    /** A path that differs. */
    record Leaf(String path, long count, long unreviewed) {}

    /** Returns each field directly after the one that it is in. */
    static List<Field> of(List<Leaf> leaves) {
        FieldTree root = new FieldTree();
        leaves.forEach(root::add);
        List<Field> fields = new ArrayList<>();
        root.list("", 0, fields);
        return fields;
    }

    private void add(Leaf leaf) {
        FieldTree at = this;
        for (String name : leaf.path().split("\\.", -1)) {
            at = at.inside.computeIfAbsent(name, part -> new FieldTree());
            at.count += leaf.count();
            at.unreviewed += leaf.unreviewed();
        }
    }

    private void list(String path, int depth, List<Field> fields) {
        inside.forEach((name, tree) -> {
            String own = depth == 0 ? name : path + "." + name;
            fields.add(new Field(own, name, depth, tree.count, tree.unreviewed));
            tree.list(own, depth + 1, fields);
        });
    }
}
