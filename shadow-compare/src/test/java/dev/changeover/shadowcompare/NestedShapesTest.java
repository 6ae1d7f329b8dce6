package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages, nulls within collections, and Optionals within Optionals, as fields of an entity. */
class NestedShapesTest {
    private static final RecordComparison<Blog> BLOGS = RecordComparison.of(Blog.class)
            .keyed("authors", Author.class, Author::email)
            .safe("newest.total", "counts")
            .build();

    /** As libraries have them. */
    interface Slice<T> {
        List<T> getContent();
    }

    interface Listing<T> extends Slice<T> {
        long getTotalElements();
    }

    /** Equality of its own, and by identity of the content. */
    record Rows<T>(List<T> rows, long totalElements) implements Listing<T> {
        @Override
        public List<T> getContent() {
            return rows;
        }

        @Override
        public long getTotalElements() {
            return totalElements;
        }
    }

    static final class Fluent<T> {
        private final List<T> content;
        private final int total;

        Fluent(List<T> content, int total) {
            this.content = content;
            this.total = total;
        }

        public List<T> content() {
            return content;
        }

        public int total() {
            return total;
        }

        public Fluent<T> next() {
            throw new UnsupportedOperationException("a page is not turned by who compares it");
        }
    }

    record Page<T>(List<T> content, long total) {}

    record Post(long id, String title) {}

    record Author(String email, @Nullable String name) {}

    record Blog(
            Page<Post> newest,
            Listing<Post> archive,
            Fluent<Post> drafts,
            List<@Nullable String> tags,
            List<@Nullable Author> authors,
            Map<String, @Nullable Integer> counts,
            Map<Long, String> names,
            Optional<Optional<String>> motto) {}

    private static Blog blog() {
        return new Blog(
                new Page<>(List.of(new Post(1, "a"), new Post(2, "b")), 7),
                new Rows<>(List.of(new Post(3, "c")), 9),
                new Fluent<>(List.of(new Post(4, "d")), 1),
                Arrays.asList("x", null, "z"),
                Arrays.asList(new Author("ann@example.org", "Ann"), null),
                map("n", null),
                map(4_917_112_345L, "Eve"),
                Optional.of(Optional.of("on")));
    }

    private static <K, V extends @Nullable Object> Map<K, V> map(K key, V value) {
        Map<K, V> map = new HashMap<>();
        map.put(key, value);
        return map;
    }

    private static List<Difference> found(String field, Object value) {
        return BLOGS.differences(blog(), Changed.with(blog(), field, value));
    }

    private static Difference value(String path, String authority, String follower) {
        return new Difference(path, Kind.VALUE, authority, follower);
    }

    @Test
    void equalOnesDifferInNothing() {
        assertThat(BLOGS.differences(blog(), blog())).isEmpty();
    }

    @Test
    void aPageIsComparedByItsContentAndItsTotals() {
        List<Post> posts = List.of(new Post(1, "a"), new Post(2, "b!"));
        List<Post> turned = List.of(new Post(2, "b"), new Post(1, "a"));

        assertThat(found("newest", new Page<>(posts, 8)))
                .containsExactly(
                        value("newest.content[1].title", "<String>", "<String>"), value("newest.total", "7", "8"));
        assertThat(found("newest", new Page<>(turned, 7)))
                .containsExactly(new Difference("newest.content", Kind.ORDER, "in order", "in another order"));
        assertThat(found("newest", new Page<>(List.of(new Post(1, "a")), 7)))
                .containsExactly(new Difference("newest.content[1]", Kind.MISSING, "<Post>", "missing"));
    }

    @Test
    void soIsOneOfAnInterfaceWithGettersAndOneWithPlainNames() {
        assertThat(found("archive", new Rows<>(List.of(new Post(3, "C")), 10)))
                .containsExactly(
                        value("archive.content[0].title", "<String>", "<String> (only upper and lower case differ)"),
                        value("archive.totalElements", "<Long>", "<Long>"));
        assertThat(found("drafts", new Fluent<>(List.of(), 0)))
                .containsExactly(
                        new Difference("drafts.content[0]", Kind.MISSING, "<Post>", "missing"),
                        value("drafts.total", "<Long>", "<Long>"));
    }

    @Test
    void rulesReachIntoThePagesOfAnEntity() {
        RecordComparison<Blog> lenient = RecordComparison.of(Blog.class)
                .ignore("archive.content.title", "newest.total")
                .keyed("newest.content", Post.class, Post::id)
                .build();
        Blog changed = Changed.with(
                Changed.with(blog(), "archive", new Rows<>(List.of(new Post(3, "other")), 9)),
                "newest",
                new Page<>(List.of(new Post(2, "b"), new Post(1, "a")), 1));

        assertThat(lenient.differences(blog(), changed)).isEmpty();
    }

    @Test
    void aListWithNullsIsComparedElementByElement() {
        assertThat(found("tags", Arrays.asList("x", null, "y")))
                .containsExactly(value("tags[2]", "<String>", "<String>"));
        assertThat(found("tags", List.of("x", "", "z"))).containsExactly(value("tags[1]", "null", "empty"));
        assertThat(found("tags", Arrays.asList(null, "x", "z")))
                .extracting(Difference::kind)
                .containsExactly(Kind.ORDER);
        assertThat(found("tags", Arrays.asList("x", null)))
                .containsExactly(new Difference("tags[2]", Kind.MISSING, "<String>", "missing"));
        assertThat(found("tags", new ArrayList<>(Arrays.asList("x", null, "z", null))))
                .containsExactly(new Difference("tags[3]", Kind.EXTRA, "missing", "null"));
    }

    @Test
    void aNullAmongChildrenIsAChildAndKeysThatAreDataAreNotShown() {
        assertThat(found("authors", Arrays.asList(null, new Author("ann@example.org", "Ann"))))
                .isEmpty();
        assertThat(found("authors", List.of(new Author("ann@example.org", "Ann"))))
                .containsExactly(new Difference("authors[null]", Kind.MISSING, "null", "missing"));
        assertThat(found("authors", Arrays.asList(new Author("ann@example.org", null), null)))
                .containsExactly(value("authors[<String>].name", "<String>", "null"));
    }

    @Test
    void aKeyIsShownWhereTheFieldThatItComesFromIsSafe() {
        RecordComparison<Blog> open = RecordComparison.of(Blog.class)
                .keyed("authors", Author.class, Author::email)
                .safe("authors.email")
                .build();
        Blog changed = Changed.with(blog(), "authors", Arrays.asList(new Author("ann@example.org", "Eve"), null));

        assertThat(open.differences(blog(), changed))
                .containsExactly(value("authors[ann@example.org].name", "<String>", "<String>"));
    }

    @Test
    void childrenWhoseKeysMayNotBeShownAreAllShown() {
        Blog two = Changed.with(blog(), "authors", List.of(new Author("a@b.c", "A"), new Author("d@e.f", "D")));

        assertThat(BLOGS.shown(two)).containsKeys("authors[<String>].name", "authors[<String>].name (2)");
    }

    @Test
    void inAMapNullIsNeitherMissingNorZero() {
        assertThat(found("counts", Map.of()))
                .containsExactly(new Difference("counts[n]", Kind.MISSING, "null", "missing"));
        assertThat(found("counts", map("n", 0))).containsExactly(value("counts[n]", "null", "0"));
        assertThat(BLOGS.differences(Changed.with(blog(), "counts", map(null, 1)), blog()))
                .containsExactly(
                        new Difference("counts[null]", Kind.MISSING, "1", "missing"),
                        new Difference("counts[n]", Kind.EXTRA, "missing", "null"));
        assertThat(BLOGS.differences(
                        Changed.with(blog(), "counts", map(null, 1)), Changed.with(blog(), "counts", Map.of("n", 1))))
                .hasSize(2);
    }

    @Test
    void aNumberThatIsNoPositionIsNotShownAsAKey() {
        assertThat(found("names", map(4_917_112_345L, "Ann")))
                .containsExactly(value("names[<Long>]", "<String>", "<String>"));
        assertThat(found("names", map(3L, "Eve")))
                .extracting(Difference::path)
                .containsExactly("names[<Long>]", "names[3]");
    }

    @Test
    void theLevelsOfNestedOptionalsAreToldApart() {
        assertThat(found("motto", Optional.of(Optional.of("off"))))
                .containsExactly(value("motto", "<String>", "<String>"));
        assertThat(found("motto", Optional.of(Optional.of("")))).containsExactly(value("motto", "<String>", "empty"));
        assertThat(found("motto", Optional.empty())).containsExactly(value("motto", "holding <String>", "absent"));
        assertThat(BLOGS.differences(
                        Changed.with(blog(), "motto", Optional.empty()),
                        Changed.with(blog(), "motto", Optional.of(Optional.empty()))))
                .containsExactly(value("motto", "absent", "holding absent"));
        assertThat(BLOGS.differences(
                        Changed.with(blog(), "motto", null), Changed.with(blog(), "motto", Optional.empty())))
                .containsExactly(value("motto", "null", "absent"));
    }
}
