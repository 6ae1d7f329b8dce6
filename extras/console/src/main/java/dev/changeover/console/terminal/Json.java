package dev.changeover.console.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/** JSON as it is read from the database and written for programs. */
public final class Json {
    private static final int LONGEST_TEXT = 4_000;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    /** Returns an empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Returns an empty array. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Returns an array of these. */
    public static ArrayNode array(Iterable<? extends JsonNode> nodes) {
        ArrayNode array = array();
        nodes.forEach(array::add);
        return array;
    }

    /**
     * Reads what the database wrote.
     *
     * @throws IllegalArgumentException if it is not JSON
     */
    public static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }

    /** Returns the text of a field for people: empty for null and for what is missing. */
    public static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isArray()) {
            return join(value);
        }
        return value.isNull() || value.isMissingNode() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }

    private static String join(JsonNode array) {
        StringBuilder all = new StringBuilder();
        for (JsonNode one : array) {
            all.append(all.isEmpty() ? "" : ", ").append(one.isValueNode() ? one.asText() : one.toString());
        }
        return all.toString();
    }

    /** Returns the text of a field, or null. */
    public static @Nullable String textOrNull(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asText() : null;
    }

    /**
     * Writes it with nothing but printable ASCII, so that no text in it can command a terminal; texts of more than 4,000
     * characters are cut.
     */
    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(bounded(node)).replace("\u007f", "\\u007f");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that cannot be written", e);
        }
    }

    private static JsonNode bounded(JsonNode node) {
        if (node.isTextual() && node.textValue().length() > LONGEST_TEXT) {
            return TextNode.valueOf(node.textValue().substring(0, LONGEST_TEXT) + "...");
        } else if (node.isObject()) {
            ObjectNode copy = object();
            node.properties().forEach(field -> copy.set(name(field.getKey()), bounded(field.getValue())));
            return copy;
        } else if (node.isArray()) {
            ArrayNode copy = array();
            node.forEach(each -> copy.add(bounded(each)));
            return copy;
        }
        return node;
    }

    private static String name(String name) {
        return name.length() > LONGEST_TEXT ? name.substring(0, LONGEST_TEXT) + "..." : name;
    }
}
