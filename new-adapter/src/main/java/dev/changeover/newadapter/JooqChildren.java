package dev.changeover.newadapter;

import org.jooq.Field;
import org.jooq.Table;

/** The description of a table of children in the making. For one thread. */
public final class JooqChildren {

    private final Fields fields;

    JooqChildren(Table<?> table, Field<?> parent) {
        this.fields = new Fields(table, parent);
    }

    /** Declares the fields of a primary key or unique constraint; the parent's field may be one of them. */
    public JooqChildren key(Field<?>... keyFields) {
        fields.key(keyFields);
        return this;
    }

    /** Declares the other fields that the mapping reads and writes. */
    public JooqChildren fields(Field<?>... others) {
        fields.add(others);
        return this;
    }

    /** Declares fields that this side owns alone: the mapping does not see them, and a copy never touches them. */
    public JooqChildren own(Field<?>... others) {
        fields.own(others);
        return this;
    }

    /** Declares fields whose present value stays where it already means what the entity says. */
    public JooqChildren lossy(Field<?>... some) {
        fields.lossy(some);
        return this;
    }

    /** Declares by which fields the children of a root are sorted when they are read; by default their key. */
    public JooqChildren orderedBy(Field<?>... some) {
        fields.order(some);
        return this;
    }

    TableShape shape() {
        return fields.shape();
    }
}
