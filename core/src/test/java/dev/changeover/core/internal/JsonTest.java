package dev.changeover.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void valuesAreWrittenAsWhatTheyAre() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("a", 1);
        value.put("b", Arrays.asList(true, null, 2L));
        value.put("c", Map.of("d", List.of()));
        value.put("e", Thread.State.NEW);
        assertThat(Json.of(value)).isEqualTo("{\"a\":1,\"b\":[true,null,2],\"c\":{\"d\":[]},\"e\":\"NEW\"}");
    }

    @Test
    void textsCannotEndTheirQuotesNorCarryWhatTheServerRefuses() {
        assertThat(Json.of("a\"b\\c\n\u0000\ud800")).isEqualTo("\"a\\\"b\\\\c\\u000a??\"");
        assertThat(Json.of(Map.of("\"", Double.NaN))).isEqualTo("{\"\\\"\":\"NaN\"}");
    }
}
