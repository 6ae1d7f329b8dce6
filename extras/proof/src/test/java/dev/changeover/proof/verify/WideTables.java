package dev.changeover.proof.verify;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.projection.Projection;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTable;
import dev.changeover.legacyadapter.Row;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.RecordComparison;
import dev.changeover.shadowcompare.Verification;
import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** A wide table and its children on both sides, equal, in SHADOW and backfilled; new deletes softly. */
final class WideTables implements AutoCloseable {

    private static final List<String> COLUMNS = List.of(
            "txt",
            "empty",
            "nothing",
            "vary",
            "fixed",
            "folded",
            "num",
            "fraction",
            "zero",
            "single",
            "big",
            "whole",
            "small",
            "moment",
            "wall",
            "ever",
            "day",
            "hour",
            "span",
            "doc",
            "docb",
            "numbers",
            "words",
            "grid",
            "raw",
            "mood",
            "other",
            "flag",
            "twice");

    final PostgresDatabase database =
            PostgresDatabase.fresh().script("dev/changeover/proof/wide.sql").open();
    final DataSource pool = database.pool(4);

    WideTables() {
        database.execute(ControlSchema.ddl());
        database.execute("SELECT changeover.register('wide', '{}', false, false, '{}', '{}')");
        database.execute("UPDATE changeover.repository SET stage = 'SHADOW', backfilled = true");
        equal();
    }

    /** Makes new a copy of legacy again. */
    void equal() {
        database.execute("SELECT public.copied()");
    }

    /** Returns a key by its place in the order of the server, from 0 to 63. */
    UUID key(int place) {
        return UUID.fromString(
                database.queryString("SELECT id::text FROM old.wide ORDER BY id LIMIT 1 OFFSET " + place));
    }

    Verification.Builder<UUID, Wide> verification() {
        return verification(RecordComparison.of(Wide.class).build());
    }

    Verification.Builder<UUID, Wide> verification(RecordComparison<Wide> rules) {
        return Verification.of(pool, repository(rules)).rangeSize(8).recheck(1, Duration.ofMillis(1));
    }

    ComparedRepository<UUID, Wide> repository(RecordComparison<Wide> rules) {
        return ComparedRepository.of("wide", KeyType.UUID, Wide.class, Wide::id)
                .legacy(store("old", false))
                .next(store("fresh", true))
                .compare(rules)
                .build();
    }

    private static EntityStore<UUID, Wide> store(String schema, boolean soft) {
        JdbcTable<UUID> table = JdbcStore.table(schema, "wide", KeyType.UUID, "id")
                .columns(COLUMNS.toArray(String[]::new))
                .children(
                        schema,
                        "part",
                        parts -> parts.parent("wide_id").key("wide_id", "n").columns("label"))
                .projection(p -> projection(p, schema));
        return (soft ? table.softDeletedBy("deleted_at") : table).entity(Wide::id, WideTables::read, (wide, row) -> {
            throw new UnsupportedOperationException("nothing is written here");
        });
    }

    private static Projection projection(Projection projection, String schema) {
        projection.yields("id", "r.id");
        COLUMNS.forEach(column -> projection.yields(column, "r." + column).takes(column, "s." + column));
        return projection
                .yields(
                        "parts",
                        "(SELECT jsonb_agg(jsonb_build_array(p.n, p.label) ORDER BY p.n) FROM " + schema
                                + ".part AS p WHERE p.wide_id = r.id)")
                .children(
                        "part",
                        "SELECT s.id AS wide_id, (e ->> 0)::int AS n, e ->> 1 AS label"
                                + " FROM {source} AS s, jsonb_array_elements(s.parts) AS e");
    }

    private static Wide read(Row row) {
        return new Wide(
                row.uuid("id"),
                row.textOrNull("txt"),
                row.textOrNull("empty"),
                row.textOrNull("nothing"),
                row.textOrNull("vary"),
                row.textOrNull("fixed"),
                row.textOrNull("folded"),
                row.decimalOrNull("num"),
                row.valueOrNull("fraction", Double::valueOf),
                row.valueOrNull("zero", Double::valueOf),
                row.valueOrNull("single", Float::valueOf),
                row.longOrNull("big"),
                row.intOrNull("whole"),
                row.intOrNull("small"),
                row.instantOrNull("moment"),
                row.valueOrNull("wall", text -> LocalDateTime.parse(text.replace(' ', 'T'))),
                row.textOrNull("ever"),
                row.valueOrNull("day", LocalDate::parse),
                row.textOrNull("hour"),
                row.textOrNull("span"),
                row.textOrNull("doc"),
                row.textOrNull("docb"),
                row.textOrNull("numbers"),
                row.textOrNull("words"),
                row.textOrNull("grid"),
                row.textOrNull("raw"),
                row.textOrNull("mood"),
                row.uuidOrNull("other"),
                row.boolOrNull("flag"),
                row.longOrNull("twice"),
                row.children("part", part -> new Wide.Part(part.intValue("n"), part.textOrNull("label"))));
    }

    @Override
    public void close() {
        database.close();
    }
}
