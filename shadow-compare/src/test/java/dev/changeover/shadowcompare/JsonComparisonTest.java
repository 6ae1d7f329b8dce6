package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonComparisonTest {
    private static final RecordComparison<Held> JSON =
            RecordComparison.of(Held.class).json("text").build();

    record Held(String text) {}

    private static boolean same(String authority, String follower) {
        return JSON.differences(new Held(authority), new Held(follower)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":1,\"b\":[true,null]}         | { \"b\" : [ true , null ] , \"a\" : 1 }",
                "[1.0, 100, 0.0, -1e2]               | [1, 1E+2, 0, -100]",
                "\"\\u00e4\\n\\/\"                   | \"ä\\u000a/\"",
                "{\"a\":1,\"a\":2}                   | {\"a\":2}",
                "{}                                  | { }",
                "[]                                  | [ ]",
                "not json                            | not json",
            })
    void textsOfOneValueAreTheSame(String authority, String follower) {
        assertThat(same(authority, follower)).isTrue();
        assertThat(same(follower, authority)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[1,2]           | [2,1]",
                "{\"a\":null}    | {}",
                "{\"a\":[]}      | {\"a\":{}}",
                "\"true\"        | true",
                "\"1\"           | 1",
                "\"\"            | null",
                "\"a b\"         | \"a  b\"",
                "[1]             | [1,]",
                "[1]             | [01]",
                "[1]             | [1",
                "[1]             | [1]]",
                "{\"a\":1}       | {a:1}",
                "\"\\x\"         | \"x\"",
                "\"\\uD\"        | \"x\"",
                "[9007199254740992] | [9007199254740993]",
                "[1]             | [1e99999]",
            })
    void otherTextsDiffer(String authority, String follower) {
        assertThat(same(authority, follower)).isFalse();
        assertThat(same(follower, authority)).isFalse();
    }

    @Test
    void aHostileTextIsComparedAsATextOnly() {
        assertThat(same("[".repeat(1_000_000), "[".repeat(1_000_001))).isFalse();
        assertThat(same("1" + "0".repeat(1_000_000), "1" + "0".repeat(1_000_001)))
                .isFalse();
        assertThat(same("\"" + "\\n".repeat(1_000_000) + "\"", " \"" + "\\n".repeat(1_000_000) + "\""))
                .isTrue();
    }
}
