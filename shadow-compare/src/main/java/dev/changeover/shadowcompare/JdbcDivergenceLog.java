package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Keeps divergences in the control schema, one group for each repository, operation, path and kind, with a count and
 * five samples, in which every divergence of the group has the same chance to be, whichever instance met it. A repository
 * has at most some thousand groups; what would be one more is counted as shed.
 *
 * <p>Each call of {@link #add} is a transaction of its own and waits for it. Where many differ at a time put a
 * {@link BufferedDivergenceLog} before it. {@link DivergenceReview} is for what people decide about them.
 */
public final class JdbcDivergenceLog implements DivergenceStore {
    private final DataSource dataSource;

    /** Keeps divergences in the control schema of this database. */
    public JdbcDivergenceLog(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Stores divergences that were confirmed together.
     *
     * @throws ChangeoverException if they could not be stored, or no reply says that they were
     */
    @Override
    public void add(List<Divergence> confirmed) {
        try {
            writer().store(DivergenceGroups.of(confirmed));
        } catch (SQLException e) {
            throw new ChangeoverException("divergences could not be stored: " + e.getMessage(), e);
        }
    }

    DivergenceWriter writer() {
        return new DivergenceWriter(dataSource);
    }

    @Override
    public List<DivergenceGroup> groups() {
        return DivergenceReview.open(dataSource).list(DivergenceFilter.ALL);
    }

    @Override
    public Map<String, Long> shed() {
        Map<String, Long> counts = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT repository, count FROM changeover.divergence_shed");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        } catch (SQLException e) {
            throw new ChangeoverException("divergences could not be read: " + e.getMessage(), e);
        }
        return counts;
    }
}
