package dev.changeover.legacyadapter;

import dev.changeover.core.UnmappableRowException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One row of the root or of a child, to be mapped. The plain getters refuse an SQL null, those named {@code OrNull}
 * return it as null. A value that cannot be read throws {@link UnmappableRowException} with table, column and key, never
 * with the value. Immutable and safe for use by several threads.
 */
public final class Row {

    private final TableShape table;
    private final Map<String, @Nullable String> values;
    private final Map<String, List<Row>> children;

    Row(TableShape table, Map<String, @Nullable String> values, Map<String, List<Row>> children) {
        this.table = table;
        this.values = values;
        this.children = children;
    }

    /** Returns a column of any type in the text form of PostgreSQL. */
    public String text(String column) {
        return value(column, Function.identity());
    }

    /** Returns a column of any type in the text form of PostgreSQL, or null. */
    public @Nullable String textOrNull(String column) {
        return valueOrNull(column, Function.identity());
    }

    /** Returns a {@code uuid}. */
    public UUID uuid(String column) {
        return value(column, UUID::fromString);
    }

    /** Returns a {@code uuid} or null. */
    public @Nullable UUID uuidOrNull(String column) {
        return valueOrNull(column, UUID::fromString);
    }

    /** Returns a whole number. */
    public long longValue(String column) {
        return value(column, Long::valueOf);
    }

    /** Returns a whole number or null. */
    public @Nullable Long longOrNull(String column) {
        return valueOrNull(column, Long::valueOf);
    }

    /** Returns a whole number of 32 bits. */
    public int intValue(String column) {
        return value(column, Integer::valueOf);
    }

    /** Returns a whole number of 32 bits or null. */
    public @Nullable Integer intOrNull(String column) {
        return valueOrNull(column, Integer::valueOf);
    }

    /** Returns a {@code numeric} with the scale that it has in the database. */
    public BigDecimal decimal(String column) {
        return value(column, BigDecimal::new);
    }

    /** Returns a {@code numeric} with the scale that it has in the database, or null. */
    public @Nullable BigDecimal decimalOrNull(String column) {
        return valueOrNull(column, BigDecimal::new);
    }

    /** Returns a {@code boolean}. */
    public boolean bool(String column) {
        return value(column, PgText::bool);
    }

    /** Returns a {@code boolean} or null. */
    public @Nullable Boolean boolOrNull(String column) {
        return valueOrNull(column, PgText::bool);
    }

    /** Returns a {@code timestamptz} with its microseconds. An infinite one cannot be mapped. */
    public Instant instant(String column) {
        return value(column, PgText::instant);
    }

    /** Returns a {@code timestamptz} with its microseconds, or null. */
    public @Nullable Instant instantOrNull(String column) {
        return valueOrNull(column, PgText::instant);
    }

    /** Returns a {@code timestamp} without time zone that was written in UTC. */
    public Instant instantInUtc(String column) {
        return value(column, text -> PgText.local(text).toInstant(ZoneOffset.UTC));
    }

    /** Returns a {@code timestamp} without time zone that was written in UTC, or null. */
    public @Nullable Instant instantInUtcOrNull(String column) {
        return valueOrNull(column, text -> PgText.local(text).toInstant(ZoneOffset.UTC));
    }

    /** Returns a {@code timestamp} without time zone. */
    public LocalDateTime localDateTime(String column) {
        return value(column, PgText::local);
    }

    /** Returns a {@code date}. */
    public LocalDate date(String column) {
        return value(column, LocalDate::parse);
    }

    /** Returns the text of a {@code json} or {@code jsonb}. */
    public String json(String column) {
        return text(column);
    }

    /** Returns the text of a {@code json} or {@code jsonb}, or null. */
    public @Nullable String jsonOrNull(String column) {
        return textOrNull(column);
    }

    /** Returns the constant with exactly this name. */
    public <E extends Enum<E>> E constant(String column, Class<E> type) {
        return value(column, name -> Enum.valueOf(type, name));
    }

    /** Returns what a text stands for; a text that is not among the keys cannot be mapped. */
    public <T> T oneOf(String column, Map<String, T> meanings) {
        return value(column, text -> {
            T meaning = meanings.get(text);
            if (meaning == null) {
                throw new IllegalArgumentException();
            }
            return meaning;
        });
    }

    /**
     * Returns a column converted by the application.
     *
     * @param parse takes the text form of PostgreSQL; what it throws becomes an {@link UnmappableRowException}
     */
    public <T> T value(String column, Function<String, T> parse) {
        T value = valueOrNull(column, parse);
        if (value == null) {
            throw unmappable(column, "it is null");
        }
        return value;
    }

    /** As {@link #value}, with null for an SQL null. */
    public <T> @Nullable T valueOrNull(String column, Function<String, T> parse) {
        String text = raw(column);
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (RuntimeException e) {
            // neither the value nor the cause, whose message repeats the value
            throw unmappable(
                    column,
                    "it has a value that the mapping does not know ("
                            + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Returns the children in the declared order.
     *
     * @param table the name of their table
     * @throws IllegalArgumentException if no children are declared in this table
     */
    public <C> List<C> children(String table, Function<Row, C> reads) {
        List<Row> rows = children.get(table);
        if (rows == null) {
            throw new IllegalArgumentException(
                    "No children are declared in a table " + table + ". Declare it with children(..)");
        }
        return rows.stream().map(reads).toList();
    }

    private @Nullable String raw(String column) {
        if (!values.containsKey(column)) {
            throw new IllegalArgumentException(
                    "Column " + column + " of " + table.name() + " is not declared. Declare it with columns(..)");
        }
        return values.get(column);
    }

    private UnmappableRowException unmappable(String column, String problem) {
        return new UnmappableRowException(table.name(), column, String.valueOf(values.get(table.parent())), problem);
    }
}
