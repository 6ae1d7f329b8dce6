package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A field that may differ until a day: what differs in it, or in anything inside it, says so. */
record AcceptedField(FieldComparison field, AcceptedUntil until) implements FieldComparison {

    @Override
    public boolean same(Object authority, Object follower) {
        return field.same(authority, follower);
    }

    @Override
    public void explain(String path, Object authority, Object follower, Consumer<? super Difference> differences) {
        field.explain(path, authority, follower, until.before(differences));
    }

    @Override
    public void show(String path, Object entity, BiConsumer<? super String, ? super String> shown) {
        field.show(path, entity, shown);
    }
}
