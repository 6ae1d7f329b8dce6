package dev.changeover.benchmarks.database;

import dev.changeover.testkit.PostgresDatabase;

/** The tables of one contender: a legacy schema and a new one in which one column has another name. */
record Schemas(String contender) {

    /** A table; its text is its qualified name. */
    record Table(String schema, String nameColumn) {
        @Override
        public String toString() {
            return schema + ".account";
        }
    }

    Table old() {
        return new Table(contender + "_old", "name");
    }

    Table fresh() {
        return new Table(contender + "_new", "label");
    }

    /** Creates both tables with the same rows. */
    Schemas create(PostgresDatabase database, long rows) {
        for (Table table : new Table[] {old(), fresh()}) {
            database.execute("""
                    CREATE SCHEMA %1$s;
                    CREATE TABLE %2$s (
                        id bigint PRIMARY KEY, %3$s text NOT NULL, balance bigint NOT NULL, state text NOT NULL);
                    INSERT INTO %2$s SELECT i, 'account ' || i, i, 'open' FROM generate_series(1, %4$d) i;
                    ANALYZE %2$s;
                    """.formatted(table.schema(), table, table.nameColumn(), rows));
        }
        return this;
    }

    /** Copies every change by a trigger, as a migration by hand would. */
    void copyByTrigger(PostgresDatabase database) {
        database.execute("""
                CREATE FUNCTION %1$s.copy() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'DELETE' THEN
                        DELETE FROM %3$s WHERE id = OLD.id;
                        RETURN NULL;
                    END IF;
                    INSERT INTO %3$s (id, label, balance, state) VALUES (NEW.id, NEW.name, NEW.balance, NEW.state)
                        ON CONFLICT (id) DO UPDATE
                        SET label = excluded.label, balance = excluded.balance, state = excluded.state;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER copy AFTER INSERT OR UPDATE OR DELETE ON %2$s
                    FOR EACH ROW EXECUTE FUNCTION %1$s.copy();
                """.formatted(old().schema(), old(), fresh()));
    }

    /** Returns how many rows one side has that the other has not, or not so. */
    long different(PostgresDatabase database) {
        return database.queryLong("""
                SELECT count(*) FROM %s o FULL JOIN %s n USING (id)
                 WHERE (o.name, o.balance, o.state) IS DISTINCT FROM (n.label, n.balance, n.state)
                """.formatted(old(), fresh()));
    }
}
