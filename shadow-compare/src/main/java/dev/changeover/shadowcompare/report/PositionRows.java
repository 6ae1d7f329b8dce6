package dev.changeover.shadowcompare.report;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads where each repository is. */
final class PositionRows {

    private static final String POSITIONS = """
            SELECT s.name AS repository, s.stage, s.epoch, s.percent, s.backfilled, s.stale, s.sentinels,
                   left(s.in_the_way, 500) AS in_the_way, r.legacy_only[1:100] AS legacy_only,
                   r.depends_on[1:100] AS depends_on,
                   (SELECT count(*) FROM changeover.instances i WHERE i.repository = s.name AND i.live) AS instances,
                   (SELECT count(*) FROM changeover.instances i WHERE i.repository = s.name AND i.behind) AS behind,
                   s.dual_since, s.dual_writes,
                   ARRAY(SELECT sum(b.v)::bigint FROM changeover.call c, unnest(c.buckets) WITH ORDINALITY b (v, n)
                          WHERE c.repository = s.name AND c.at >= date_trunc('minute', s.dual_since) AND cardinality(c.followed) > 0
                          GROUP BY b.n ORDER BY b.n) AS authority,
                   ARRAY(SELECT sum(b.v)::bigint FROM changeover.call c, unnest(c.followed) WITH ORDINALITY b (v, n)
                          WHERE c.repository = s.name AND c.at >= date_trunc('minute', s.dual_since) AND cardinality(c.followed) > 0
                          GROUP BY b.n ORDER BY b.n) AS follower
              FROM changeover.status s JOIN changeover.repository r ON r.name = s.name""";

    private PositionRows() {}

    static Map<String, List<Position>> read(Snapshot snapshot) throws SQLException {
        return snapshot.byRepository(POSITIONS, PositionRows::position);
    }

    private static Position position(Row row) throws SQLException {
        return new Position(
                Stage.valueOf(row.text("stage")),
                row.number("epoch"),
                (int) row.number("percent"),
                row.flag("backfilled"),
                side(row.maybe("stale")),
                row.texts("sentinels").stream().map(Side::valueOf).toList(),
                row.texts("legacy_only"),
                row.texts("depends_on"),
                row.maybe("in_the_way"),
                row.number("instances"),
                row.number("behind"),
                DualWriting.of(
                        row.maybeMoment("dual_since"),
                        row.maybeNumber("dual_writes"),
                        row.numbers("authority"),
                        row.numbers("follower")));
    }

    private static @Nullable Side side(@Nullable String name) {
        return name == null ? null : Side.valueOf(name);
    }
}
