package dev.changeover.shadowcompare.internal;

import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Builds the comparison of a type from its declaration and the rules of its fields. */
final class TreeBuilder {
    private final FieldRules rules;
    private final boolean toTheLetter;
    private final Deque<Class<?>> around = new ArrayDeque<>();

    /** To the letter, what has no equality of its own differs unless it is the same object. */
    TreeBuilder(FieldRules rules, boolean toTheLetter) {
        this.rules = rules;
        this.toTheLetter = toTheLetter;
    }

    ValueComparison build(Type type, String path) {
        Class<?> plain = Shape.erase(type);
        FieldRule rule = rules.at(path);
        Type inside = Shape.inside(type);
        if (inside != null) {
            return container(plain, build(inside, path), rule);
        }
        // a type within itself has no end; from there on its own equality decides
        if (isTree(plain, path) && !around.contains(plain) && !rule.changesValues()) {
            return tree(plain, path, rule);
        }
        requireValueEquality(plain, path, rule);
        return new Leaf(rule);
    }

    private static boolean isTree(Class<?> type, String path) {
        return path.isEmpty() || Properties.comparedByField(type);
    }

    private static ValueComparison container(Class<?> plain, ValueComparison content, FieldRule rule) {
        if (plain == Optional.class) {
            return new OptionalTree(content, rule.safe());
        }
        if (Map.class.isAssignableFrom(plain)) {
            return new MapTree(content, rule.safe());
        }
        Function<Object, Object> key = rule.key();
        if (key != null) {
            return new KeyedTree(key, content, rule.safe());
        }
        return rule.unordered() || Set.class.isAssignableFrom(plain)
                ? new BagTree(content, rule.safe())
                : new ListTree(content, rule.safe());
    }

    private FieldsTree tree(Class<?> type, String path, FieldRule rule) {
        around.push(type);
        Accessors accessors = new Accessors(type);
        List<FieldComparison> fields = new ArrayList<>();
        for (Property property : Properties.of(type)) {
            String at = path.isEmpty() ? property.name() : path + "." + property.name();
            if (!rules.at(at).ignored()) {
                fields.add(accepted(field(accessors, property, at), rules.at(at)));
            }
        }
        around.pop();
        return new FieldsTree(fields, rule.safe());
    }

    private static FieldComparison accepted(FieldComparison field, FieldRule rule) {
        return rule.accepted() == null ? field : new AcceptedField(field, rule.accepted());
    }

    private FieldComparison field(Accessors accessors, Property property, String path) {
        Class<?> type = property.type();
        FieldRule rule = rules.at(path);
        String name = property.name();
        if (!type.isPrimitive() || rule.changesValues()) {
            ValueComparison values = build(property.genericType(), path);
            return values instanceof Leaf && !type.isArray() && !rule.changesValues()
                    ? new FieldComparison.OfValue(name, accessors.object(property), rule.safe())
                    : new FieldComparison.OfObject(name, accessors.object(property), values);
        }
        if (type == boolean.class) {
            return new FieldComparison.OfBoolean(name, accessors.truth(property), rule.safe());
        }
        return type == double.class || type == float.class
                ? new FieldComparison.OfDouble(name, accessors.fraction(property), rule.safe())
                : new FieldComparison.OfLong(name, accessors.wholeNumber(property), rule.safe());
    }

    /** A class that compares by identity would differ at every comparison. */
    private void requireValueEquality(Class<?> type, String path, FieldRule rule) {
        if (toTheLetter
                || rule.changesValues()
                || type.isPrimitive()
                || type.isInterface()
                || type.isArray()
                || type.isEnum()) {
            return;
        }
        if (type != Object.class && !Properties.definesEquality(type)) {
            throw rules.refused(
                    path,
                    type.getSimpleName() + " has no equals of its own",
                    "Make it a record, normalise the field into something that has, or ignore it");
        }
    }
}
