package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A record or a bean, field by field. */
final class FieldsTree implements ValueComparison {
    private final FieldComparison[] fields;
    private final boolean safe;

    FieldsTree(List<FieldComparison> fields, boolean safe) {
        this.fields = fields.toArray(FieldComparison[]::new);
        this.safe = safe;
    }

    @Override
    public boolean same(@Nullable Object authority, @Nullable Object follower) {
        if (authority == follower) {
            return true;
        }
        if (authority == null || follower == null) {
            return false;
        }
        for (FieldComparison field : fields) {
            if (!field.same(authority, follower)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void explain(
            String path,
            @Nullable Object authority,
            @Nullable Object follower,
            Consumer<? super Difference> differences) {
        if (authority == null || follower == null) {
            differences.accept(Shown.value(path, authority, follower, safe));
            return;
        }
        for (FieldComparison field : fields) {
            if (!field.same(authority, follower)) {
                field.explain(path, authority, follower, differences);
            }
        }
    }

    @Override
    public void show(String path, @Nullable Object value, BiConsumer<? super String, ? super String> shown) {
        if (value == null) {
            shown.accept(path, Shown.of(null, safe));
            return;
        }
        for (FieldComparison field : fields) {
            field.show(path, value, shown);
        }
    }
}
