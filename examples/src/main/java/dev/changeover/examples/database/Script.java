package dev.changeover.examples.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** A resource with SQL statements, each ended by a semicolon at the end of a line. */
public enum Script {
    /** The tables that the application comes from. */
    LEGACY("legacy.sql"),
    /** Their foreign key and indexes, once they are filled. */
    LEGACY_INDEXES("legacy-indexes.sql"),
    /** The tables that the application moves to. */
    NEW("new.sql"),
    /** What the guide adds afterwards, without blocking anybody. */
    NEW_INDEXES("new-indexes.sql");

    private final String resource;

    Script(String resource) {
        this.resource = resource;
    }

    /** Runs the statements one by one, each committed by itself. */
    public void run(DataSource dataSource, Schemas schemas) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements()) {
                statement.execute(schemas.into(sql));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(resource + ": " + e.getMessage(), e);
        }
    }

    private List<String> statements() {
        return Arrays.stream(text().split(";\\s*\\n"))
                .map(Script::withoutComments)
                .filter(sql -> !sql.isBlank())
                .toList();
    }

    private static String withoutComments(String sql) {
        return sql.lines().filter(line -> !line.strip().startsWith("--")).collect(Collectors.joining("\n"));
    }

    private String text() {
        return resource("/dev/changeover/examples/schema/" + resource);
    }

    /** Returns a text of this module. */
    public static String resource(String path) {
        try (InputStream in = Script.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
