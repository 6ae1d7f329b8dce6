package dev.changeover.core.request;

import dev.changeover.core.KeyType;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.internal.Routing;

/**
 * Where a read of one key is served, outside a writing transaction and without a routing key of its own.
 *
 * @param side the side that serves it
 * @param bucket its bucket, of 10,000; RAMP gives new those below its percentage
 * @param why why that side
 */
public record KeyRouting(Side side, int bucket, String why) {

    /**
     * Says where a key is read from.
     *
     * @param lacking whether a mark says that new may not have its present state
     */
    public static <K> KeyRouting of(RepositoryState state, KeyType<K> keyType, K key, boolean lacking) {
        int bucket = Routing.bucket(keyType.hash(key));
        Side authority = state.stage().authority();
        if (state.stage() != Stage.RAMP) {
            return new KeyRouting(authority, bucket, lower(authority) + " leads in " + state.stage());
        }
        Boolean listed = Routing.listed(state, keyType.encode(key));
        boolean inside = listed != null ? listed : Routing.inside(bucket, state.percent());
        String why = listed != null
                ? "the key is on the list of those that " + (listed ? "new" : "legacy") + " serves"
                : "bucket " + bucket + " of 10000 is " + (inside ? "inside " : "outside ") + state.percent() + " %";
        return inside && lacking
                ? new KeyRouting(Side.LEGACY, bucket, why + ", but a mark says that new may lack its present state")
                : new KeyRouting(inside ? Side.NEW : Side.LEGACY, bucket, why);
    }

    private static String lower(Side side) {
        return side == Side.LEGACY ? "legacy" : "new";
    }
}
