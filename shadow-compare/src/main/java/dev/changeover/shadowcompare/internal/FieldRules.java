package dev.changeover.shadowcompare.internal;

import dev.changeover.core.ConfigurationException;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The rules of an entity by the path of the field, each path checked when it is named. */
public final class FieldRules {
    private final Class<?> root;
    private final Map<String, FieldRule> rules = new LinkedHashMap<>();

    /** Creates an empty set of rules for a record or a bean. */
    public FieldRules(Class<?> root) {
        if (Properties.of(root).isEmpty()) {
            throw new ConfigurationException(
                    root.getSimpleName(),
                    "it is no record and has no getters, so it tells no fields",
                    "Let both stores speak a record of the entity, or use StateComparison.byEquals()");
        }
        this.root = root;
    }

    /** Adds to the rule of a field. */
    public void add(String path, UnaryOperator<FieldRule> change) {
        typeOf(path);
        rules.put(path, change.apply(at(path)));
    }

    /** Adds a rule that makes sense only for values of some types. */
    public void addFor(String path, Class<?> needed, UnaryOperator<FieldRule> change) {
        Class<?> found = boxed(Shape.erase(Shape.innermost(typeOf(path))));
        if (!needed.isAssignableFrom(found)) {
            throw refused(path, "it is a " + found.getSimpleName(), "Use this rule on a " + needed.getSimpleName());
        }
        add(path, change);
    }

    /** Adds a rule about points in time or lengths of time. */
    public void addForTime(String path, UnaryOperator<FieldRule> change) {
        Class<?> found = Shape.erase(Shape.innermost(typeOf(path)));
        if (!Times.isTime(found)) {
            throw refused(path, "it is a " + found.getSimpleName(), "Use this rule on an Instant or another time");
        }
        add(path, change);
    }

    /** Adds a rule about collections. */
    public void addForCollection(String path, UnaryOperator<FieldRule> change) {
        Class<?> found = Shape.erase(typeOf(path));
        if (!Collection.class.isAssignableFrom(found)) {
            throw refused(path, "it is a " + found.getSimpleName(), "Use this rule on a collection");
        }
        add(path, change);
    }

    /** Refuses a length of time or a number that forgives nothing or everything. */
    public void requirePositive(String path, boolean positive) {
        if (!positive) {
            throw refused(path, "a tolerance must be above zero", "Leave the rule out, or ignore the field");
        }
    }

    /** Compiles the rules into a comparison. */
    public ValueComparison compile() {
        return new TreeBuilder(this, false).build(root, "");
    }

    /** Compiles a comparison of the same fields that forgives nothing. */
    public ValueComparison compileToTheLetter() {
        FieldRules strict = new FieldRules(root);
        rules.forEach((path, rule) -> strict.rules.put(path, rule.toTheLetter()));
        return new TreeBuilder(strict, true).build(root, "");
    }

    /** Returns how far apart two times are. */
    public static Duration distance(Object a, Object b) {
        return Times.distance(a, b);
    }

    /** Tells whether both are JSON texts of one value. */
    public static boolean sameJson(Object a, Object b) {
        return JsonValue.same(a, b);
    }

    FieldRule at(String path) {
        return rules.getOrDefault(path, FieldRule.NONE);
    }

    /** Refuses a rule, naming the field. */
    public ConfigurationException refused(String path, String problem, String remedy) {
        return new ConfigurationException(root.getSimpleName() + "." + path, problem, remedy);
    }

    private Type typeOf(String path) {
        Type type = root;
        for (String name : path.split("\\.", -1)) {
            Property property = Shape.property(type, name);
            if (property == null) {
                throw refused(path, "there is no field " + name, "There are: " + fieldsOf(type));
            }
            type = Generics.within(Shape.innermost(type), property.genericType());
        }
        return type;
    }

    private static String fieldsOf(Type type) {
        Class<?> plain = Shape.erase(Shape.innermost(type));
        List<Property> fields = Properties.of(plain);
        return fields.isEmpty()
                ? "none, " + plain.getSimpleName() + " is not a record or a bean"
                : fields.stream().map(Property::name).collect(Collectors.joining(", "));
    }

    private static Class<?> boxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
    }
}
