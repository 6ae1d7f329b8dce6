package dev.changeover.shadowcompare.internal;

import dev.changeover.core.ConfigurationException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One field of what an operation returns besides entities: a projection, a page.
 *
 * @param name its name
 * @param get returns its value
 * @param total whether it counts, so that it may be shown
 */
public record ResultField(String name, Function<Object, @Nullable Object> get, boolean total) {

    private static final ClassValue<List<ResultField>> FIELDS = new ClassValue<>() {
        @Override
        protected List<ResultField> computeValue(Class<?> type) {
            return resolved(type);
        }
    };

    /** Returns the fields of a class, whose accessors are resolved once; none if its values are compared by equality. */
    public static List<ResultField> of(Class<?> type) {
        return FIELDS.get(type);
    }

    private static List<ResultField> resolved(Class<?> type) {
        if (!Properties.comparedByField(type)) {
            return List.of();
        }
        try {
            Accessors accessors = new Accessors(type);
            return Properties.of(type).stream()
                    .map(each -> new ResultField(each.name(), accessors.object(each), Pages.isTotal(type, each.name())))
                    .toList();
        } catch (ConfigurationException | IllegalStateException closed) {
            // a class that nobody declared and that cannot be looked into: its equality decides, as ever
            return List.of();
        }
    }
}
