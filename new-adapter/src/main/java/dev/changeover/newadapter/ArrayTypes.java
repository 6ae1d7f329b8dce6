package dev.changeover.newadapter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.JSONB;
import org.jooq.exception.DataTypeException;
import org.jspecify.annotations.Nullable;

/**
 * The types of which an array can travel as one bind value. Texts of any length, because a cast to a length cuts in
 * silence, where an insertion fails.
 */
final class ArrayTypes {

    private static final Map<Class<?>, String> NAMES = new HashMap<>();

    static {
        NAMES.put(String.class, "text");
        NAMES.put(UUID.class, "uuid");
        NAMES.put(Boolean.class, "bool");
        NAMES.put(Short.class, "int2");
        NAMES.put(Integer.class, "int4");
        NAMES.put(Long.class, "int8");
        NAMES.put(Float.class, "float4");
        NAMES.put(Double.class, "float8");
        NAMES.put(BigInteger.class, "numeric");
        NAMES.put(BigDecimal.class, "numeric");
        NAMES.put(LocalDate.class, "date");
        NAMES.put(LocalTime.class, "time");
        NAMES.put(LocalDateTime.class, "timestamp");
        NAMES.put(OffsetDateTime.class, "timestamptz");
        NAMES.put(Instant.class, "timestamptz");
        NAMES.put(JSON.class, "json");
        NAMES.put(JSONB.class, "jsonb");
    }

    private ArrayTypes() {}

    /** Returns the name of the type of a field's values, or null if they cannot travel in an array. */
    static @Nullable String name(Field<?> field) {
        try {
            // fails where the field has a binding of its own, which alone knows how its values are said
            field.getDataType().array();
        } catch (DataTypeException ownBinding) {
            return null;
        }
        return NAMES.get(field.getConverter().fromType());
    }

    /** Returns the value of a field as the database knows it. */
    @SuppressWarnings({"unchecked", "rawtypes", "deprecation"}) // the image took the value for this field
    static @Nullable Object toDatabase(Field<?> field, @Nullable Object value) {
        return value == null
                ? null
                : ((org.jooq.Converter) field.getConverter())
                        .to(field.getDataType().convert(value));
    }
}
