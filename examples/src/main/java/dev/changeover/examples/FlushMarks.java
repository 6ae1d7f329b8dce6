package dev.changeover.examples;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.examples.legacy.FlushListener.Changed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Marks what Hibernate wrote outside a routed call, in the same transaction, so that the drain copies it. Once new leads
 * such a write is refused: it would change rows that are overwritten.
 */
final class FlushMarks implements Consumer<Changed> {

    /** What is known once the library is running. */
    private record Target(Control control, Map<String, Integer> numbers, ChangeoverListener listener) {}

    private final DataSource dataSource;
    private volatile @Nullable Target target;

    FlushMarks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Begins to mark. */
    void activate(Map<String, Integer> numbers, ChangeoverListener listener) {
        target = new Target(new PostgresControl(dataSource), Map.copyOf(numbers), listener);
    }

    @Override
    public void accept(Changed changed) {
        Target active = target;
        if (active == null) {
            return;
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            mark(active, connection, changed);
        } catch (SQLException e) {
            throw new IllegalStateException("a change by dirty checking could not be marked", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private static void mark(Target target, Connection connection, Changed changed) throws SQLException {
        int number = target.numbers().get(changed.repository());
        List<String> keys = List.of(changed.key().toString());
        Entry entry = target.control().enter(connection, number, keys);
        Stage stage = entry.stage();
        if (stage.authority() == Side.NEW) {
            throw new IllegalStateException(
                    changed + " was changed by dirty checking while new leads. Save it through its repository");
        }
        if (stage.follower() != null) {
            target.control().mark(connection, number, keys, Side.LEGACY, "FLUSH");
            target.listener().marked(changed.repository(), "flush", stage, 1, "FLUSH", null);
        }
    }
}
