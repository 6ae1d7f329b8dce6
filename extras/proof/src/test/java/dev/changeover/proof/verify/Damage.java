package dev.changeover.proof.verify;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Something that may have happened to the copy on new.
 *
 * @param name what, in a few words
 * @param sql how; {a} to {f} are keys
 * @param found the keys that differ by it, by their letters, and where
 */
record Damage(String name, String sql, Map<String, String> found) {

    /** The keys: two in the middle of a range, the first and the last of a range, the first and the last of all. */
    static final Map<String, Integer> PLACES = Map.of("a", 20, "b", 43, "c", 8, "d", 15, "e", 0, "f", 63);

    private static final String WHOLE = "";

    static Stream<Damage> all() {
        return Stream.of(texts(), numbers(), times(), structures(), others(), rows(), keys())
                .flatMap(List::stream);
    }

    private static Damage to(String column, String value, String name) {
        return new Damage(
                name, "UPDATE fresh.wide SET " + column + " = " + value + " WHERE id = {a}", Map.of("a", column));
    }

    private static List<Damage> texts() {
        return List.of(
                to("txt", "txt || ' '", "a trailing blank"),
                to("txt", "' ' || txt", "a leading blank"),
                to("txt", "replace(txt, ' ', '  ')", "two blanks for one"),
                to("txt", "replace(txt, ' ', E'\\t')", "a tab for a blank"),
                to("txt", "replace(txt, ' ', E'\\u00a0')", "a blank that does not break"),
                to("txt", "replace(txt, E'\\n', E'\\r\\n')", "another line end"),
                to("txt", "normalize(txt, NFD)", "decomposed letters"),
                to("txt", "txt || E'\\u200b'", "a character without width"),
                to("txt", "replace(txt, E'\\u2764', E'\\u2764\\ufe0f')", "an emoji in another shape"),
                to("txt", "txt || E'\\U0001F600'", "an emoji more"),
                to("txt", "replace(txt, 'a', E'\\u0430')", "a letter that looks alike"),
                to("txt", "upper(txt)", "capitals"),
                to("txt", "left(txt, 5)", "a text that is cut"),
                to("txt", "'null'", "the word null"),
                to("empty", "NULL", "null for an empty text"),
                to("nothing", "''", "an empty text for null"),
                to("vary", "vary || ' '", "a trailing blank in a varchar"),
                to("fixed", "'fix'", "another char(n)"),
                to("folded", "upper(folded)", "capitals where the collation finds them equal"));
    }

    private static List<Damage> numbers() {
        return List.of(
                to("num", "num + 0.000000000001", "the twelfth digit of a numeric"),
                to("num", "(num::text || '0')::numeric", "another scale of a numeric"),
                to("num", "-num", "another sign"),
                to("fraction", "fraction + 3.6e-15", "the last bit of a double"),
                to("fraction", "'NaN'", "not a number"),
                to("fraction", "'Infinity'", "infinity"),
                to("zero", "'-0'", "minus zero"),
                to("single", "0.100000009", "the last bit of a real"),
                to("big", "big + 1", "one more beyond 2^53"),
                to("big", "big + 100", "a hundred more beyond 2^53"),
                to("big", "-big", "a negative bigint"),
                to("small", "small - 1", "one less in a smallint"),
                new Damage(
                        "an integer over its border, and what is generated of it",
                        "UPDATE fresh.wide SET whole = -2147483648 WHERE id = {a}",
                        Map.of("a", "twice,whole")));
    }

    private static List<Damage> times() {
        return List.of(
                to("moment", "moment + interval '1 microsecond'", "a microsecond"),
                to("moment", "date_trunc('second', moment)", "a half second cut"),
                to("moment", "moment + interval '1 hour'", "an hour, as of another zone"),
                to("wall", "wall + interval '1 microsecond'", "a microsecond without zone"),
                to("wall", "wall + interval '0.5 s'", "a half second rounded"),
                to("ever", "'infinity'", "the other infinity"),
                to("ever", "NULL", "null for infinity"),
                to("day", "day + 1", "the day after"),
                to("hour", "'24:00'", "the end of the day"),
                to("span", "'30 days'", "thirty days for a month"),
                to("span", "'1 month 1 microsecond'", "a microsecond of an interval"));
    }

    private static List<Damage> structures() {
        return List.of(
                to("doc", "('{\"b\": ' || (doc ->> 'b') || ', \"a\": 1}')::json", "another order of json keys"),
                to("doc", "replace(doc::text, ' ', '')::json", "json without blanks"),
                to("doc", "replace(doc::text, '{', '{\"a\": 0, ')::json", "a json key twice"),
                to("docb", "docb || '{\"a\": 1.00}'", "another scale in jsonb"),
                to("docb", "docb - 'b'", "no key for a jsonb null"),
                to("docb", "docb || '{\"i\": \"7\"}'", "a text for a number in jsonb"),
                to("numbers", "array_replace(numbers, NULL, 0)", "0 for a null element"),
                to("numbers", "ARRAY[numbers[3], numbers[2], numbers[1]]", "another order of elements"),
                to("numbers", "'{}'", "an empty array"),
                to("numbers", "NULL", "null for an array"),
                to("words", "ARRAY['x', NULL]", "a null for the word in an array"),
                to("words", "'[0:1]={x,\"NULL\"}'", "another lower bound"),
                to("grid", "ARRAY[[1, 3], [2, grid[2][2]]]", "a matrix turned"),
                to("grid", "ARRAY[1, 2, 3, grid[2][2]]", "a matrix flat"));
    }

    private static List<Damage> others() {
        return List.of(
                to("raw", "raw || '\\x00'", "a zero byte more"),
                to("raw", "set_bit(raw, 9, 0)", "a bit"),
                to("raw", "convert_to(encode(raw, 'hex'), 'UTF8')", "bytes as hex"),
                to("mood", "'glad'", "another constant"),
                to("other", "md5('else')::uuid", "another uuid"),
                to("flag", "NOT flag", "the contrary"),
                to("flag", "NULL", "unknown for a truth"),
                new Damage("a child less", "DELETE FROM fresh.part WHERE wide_id = {a} AND n = 3", parts("a")),
                new Damage("a child more", "INSERT INTO fresh.part VALUES ({a}, 4, 'part 4')", parts("a")),
                new Damage("no child", "DELETE FROM fresh.part WHERE wide_id = {a}", parts("a")),
                new Damage(
                        "a child under another parent",
                        "UPDATE fresh.part SET wide_id = {b}, n = 4 WHERE wide_id = {a} AND n = 3",
                        Map.of("a", "parts[*]", "b", "parts[*]")),
                new Damage(
                        "children in another order",
                        "UPDATE fresh.part SET label = 'part ' || (3 - n) WHERE wide_id = {a} AND n < 3",
                        Map.of("a", "parts[*].label")),
                new Damage(
                        "null for a value of a child",
                        "UPDATE fresh.part SET label = NULL WHERE wide_id = {a} AND n = 2",
                        Map.of("a", "parts[*].label")),
                new Damage(
                        "a blank in a child",
                        "UPDATE fresh.part SET label = label || ' ' WHERE wide_id = {a} AND n = 2",
                        Map.of("a", "parts[*].label")));
    }

    private static Map<String, String> parts(String key) {
        return Map.of(key, "parts[*]");
    }

    private static List<Damage> rows() {
        return List.of(
                new Damage("values of two rows exchanged", swap("vary = s.vary"), Map.of("a", "vary", "b", "vary")),
                new Damage("truths of two rows exchanged", swap("flag = s.flag"), Map.of("a", "flag", "b", "flag")),
                new Damage(
                        "values of two columns of two rows exchanged",
                        swap("vary = s.vary, big = s.big"),
                        Map.of("a", "big,vary", "b", "big,vary")),
                new Damage(
                        "rows exchanged",
                        "UPDATE fresh.wide SET id = md5('t')::uuid WHERE id = {a};"
                                + " UPDATE fresh.wide SET id = {a} WHERE id = {b};"
                                + " UPDATE fresh.wide SET id = {b} WHERE id = md5('t')::uuid",
                        exchanged()),
                new Damage(
                        "everything null but the key",
                        "DELETE FROM fresh.part WHERE wide_id = {a}; DELETE FROM fresh.wide WHERE id = {a};"
                                + " INSERT INTO fresh.wide (id) VALUES ({a})",
                        Map.of(
                                "a",
                                "big,day,doc,docb,empty,ever,fixed,flag,folded,fraction,grid,hour,moment,mood,num,"
                                        + "numbers,other,parts[*],raw,single,small,span,twice,txt,vary,wall,whole,words,zero")));
    }

    private static Map<String, String> exchanged() {
        String fields =
                "big,day,doc,docb,fixed,flag,folded,fraction,grid,moment,num,numbers,other,small,twice,txt,vary,"
                        + "wall,whole";
        return Map.of("a", fields, "b", fields);
    }

    private static String swap(String settings) {
        return "UPDATE fresh.wide t SET " + settings + " FROM fresh.wide s"
                + " WHERE (t.id, s.id) IN (({a}, {b}), ({b}, {a}))";
    }

    private static Damage missing(String name, String key) {
        return new Damage(name, "DELETE FROM fresh.wide WHERE id = " + "{" + key + "}", Map.of(key, WHOLE));
    }

    private static Damage extra(String name, String id) {
        return new Damage(name, "INSERT INTO fresh.wide (id) VALUES ('" + id + "')", Map.of(id, WHOLE));
    }

    private static List<Damage> keys() {
        return List.of(
                missing("a row missing", "a"),
                missing("the first of a range missing", "c"),
                missing("the last of a range missing", "d"),
                missing("the first row missing", "e"),
                missing("the last row missing", "f"),
                extra("a row before the first", "00000000-0000-0000-0000-000000000000"),
                extra("a row behind the last", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
                extra("a row at the border of signed numbers", "80000000-0000-0000-0000-000000000000"),
                new Damage(
                        "one missing, one too many",
                        "DELETE FROM fresh.wide WHERE id = {a};"
                                + " INSERT INTO fresh.wide (id) VALUES ('11111111-1111-1111-1111-111111111111')",
                        Map.of("a", WHOLE, "11111111-1111-1111-1111-111111111111", WHOLE)),
                new Damage(
                        "a key that is shifted",
                        "UPDATE fresh.wide SET id = '11111111-1111-1111-1111-111111111111' WHERE id = {a};"
                                + " UPDATE fresh.part SET wide_id = '11111111-1111-1111-1111-111111111111' WHERE wide_id = {a}",
                        Map.of("a", WHOLE, "11111111-1111-1111-1111-111111111111", WHOLE)),
                new Damage(
                        "a row softly deleted",
                        "UPDATE fresh.wide SET deleted_at = now() WHERE id = {a}",
                        Map.of("a", WHOLE)),
                new Damage(
                        "a row resurrected",
                        "UPDATE fresh.wide SET deleted_at = NULL WHERE deleted_at IS NOT NULL",
                        Map.of("gone", WHOLE)));
    }

    @Override
    public String toString() {
        return name;
    }
}
