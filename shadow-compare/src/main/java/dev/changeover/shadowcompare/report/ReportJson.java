package dev.changeover.shadowcompare.report;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The report as JSON: an object for each record, with its components by name. A change of a record changes the schema. */
final class ReportJson {
    private static final String SCHEMA = "changeover-report/1";

    private final StringBuilder out = new StringBuilder();

    private ReportJson() {}

    static String of(TransitionReport report) {
        Conclusion conclusion = Conclusion.of(report);
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("schema", SCHEMA);
        members.put("answer", conclusion.answer());
        members.put("headline", conclusion.headline());
        members.putAll(components(report));
        ReportJson json = new ReportJson();
        json.object(members);
        return json.out.append('\n').toString();
    }

    private static Map<String, @Nullable Object> components(Record one) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (RecordComponent component : one.getClass().getRecordComponents()) {
            members.put(component.getName(), read(one, component));
        }
        if (one instanceof RepositoryReport repository) {
            members.put("answer", repository.answer());
            members.put("attention", repository.attention());
        }
        return members;
    }

    private static @Nullable Object read(Record one, RecordComponent component) {
        try {
            return component.getAccessor().invoke(one);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " is not public", e);
        }
    }

    private void value(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value instanceof Double number ? rounded(number) : value);
        } else if (value instanceof Record one) {
            object(components(one));
        } else if (value instanceof Map<?, ?> members) {
            object(members);
        } else if (value instanceof List<?> elements) {
            array(elements);
        } else if (value instanceof Instant || value instanceof Enum<?> || value instanceof String) {
            text(value.toString());
        } else {
            throw new IllegalStateException("a " + value.getClass().getName() + " in a report");
        }
    }

    /** Ratios and milliseconds, of which six digits are more than enough; JSON has no exponent that people like. */
    private static String rounded(double number) {
        return BigDecimal.valueOf(number).round(new MathContext(6)).toPlainString();
    }

    private void object(Map<?, ?> members) {
        out.append('{');
        String comma = "";
        for (Map.Entry<?, ?> member : members.entrySet()) {
            out.append(comma);
            text(String.valueOf(member.getKey()));
            out.append(':');
            value(member.getValue());
            comma = ",";
        }
        out.append('}');
    }

    private void array(List<?> elements) {
        out.append('[');
        String comma = "";
        for (Object element : elements) {
            out.append(comma);
            value(element);
            comma = ",";
        }
        out.append(']');
    }

    /** Also what ends a script element is escaped, so that the text can stand in a page. */
    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' '
                    || c == '<'
                    || c == 0x7f
                    || Character.isSurrogate(c)
                    || Character.getType(c) == Character.FORMAT) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
