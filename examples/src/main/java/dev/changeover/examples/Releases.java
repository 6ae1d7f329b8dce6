package dev.changeover.examples;

import dev.changeover.examples.next.Release;
import dev.changeover.shadowcompare.DivergenceFilter;
import dev.changeover.shadowcompare.DivergenceReview;
import dev.changeover.shadowcompare.ReviewState;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Which release of the new code runs. Elsewhere a deployment brings the next one; within one process a flag does. */
final class Releases implements Supplier<Release> {

    private volatile Release running;

    private Releases(Release running) {
        this.running = running;
    }

    /** A life after the one that mended the fault runs what that one has deployed: somebody has said that it is fixed. */
    static Releases of(DataSource pool, Release first) {
        return new Releases(mended(pool) ? Release.TWO : first);
    }

    private static boolean mended(DataSource pool) {
        Boolean schema = new JdbcTemplate(pool)
                .queryForObject("select to_regclass('changeover.divergence') is not null", Boolean.class);
        return Boolean.TRUE.equals(schema)
                && !DivergenceReview.open(pool)
                        .list(DivergenceFilter.ALL.state(ReviewState.FIXED))
                        .isEmpty();
    }

    @Override
    public Release get() {
        return running;
    }

    void deploy(Release next) {
        running = next;
    }
}
