package dev.changeover.legacyadapter;

import static dev.changeover.legacyadapter.TableShape.list;
import static dev.changeover.legacyadapter.TableShape.quote;

/**
 * The reading statements. Every value is read as the server's own text, so that the mapping depends neither on the
 * driver's binary transfer nor on the time zone of the JVM; children come as one array for each of their columns.
 */
final class SelectSql {

    private final Aggregate aggregate;
    private final String keyType;
    private final String keyArray;
    private final String key;

    SelectSql(Aggregate aggregate, String keyType, String keyArray) {
        this.aggregate = aggregate;
        this.keyType = keyType;
        this.keyArray = keyArray;
        this.key = "r." + quote(aggregate.root().keyColumns().get(0));
    }

    String present() {
        return byKeys() + unlessAbsent();
    }

    /** All rows of the keys, absent ones too, locked as an update of them would. */
    String locked() {
        return byKeys() + " FOR NO KEY UPDATE OF r";
    }

    String keys(boolean afterOne) {
        // only with this collation does the server order text as KeyType does
        String ordered = "text".equals(keyType) ? key + " COLLATE \"C\"" : key;
        return "SELECT " + key + "::text FROM " + aggregate.root().quoted() + " AS r WHERE "
                + (afterOne ? ordered + " > ?::" + keyType : "true") + unlessAbsent() + " ORDER BY " + ordered
                + " LIMIT ?";
    }

    /** The planner's estimate; a table that was never analysed is counted up to a bound. */
    String estimate() {
        String table = aggregate.root().quoted();
        String relation = "'" + table.replace("'", "''") + "'::regclass";
        return "SELECT CASE WHEN c.reltuples < 0 THEN (SELECT count(*) FROM (SELECT FROM " + table
                + " LIMIT 100000) AS few) ELSE c.reltuples::bigint END FROM pg_catalog.pg_class AS c WHERE c.oid = "
                + relation;
    }

    String unlessAbsent() {
        return aggregate.absent() == null ? "" : " AND (" + aggregate.absent() + ") IS NOT TRUE";
    }

    private String byKeys() {
        StringBuilder columns = new StringBuilder(list("r.", aggregate.root().columns(), "::text"));
        StringBuilder from = new StringBuilder(aggregate.root().quoted()).append(" AS r");
        int n = 0;
        for (TableShape child : aggregate.children()) {
            String alias = "\"#" + n++ + '"';
            columns.append(", ").append(alias).append(".*");
            from.append(" LEFT JOIN LATERAL (")
                    .append(arrays(child))
                    .append(") AS ")
                    .append(alias)
                    .append(" ON true");
        }
        return "SELECT " + columns + " FROM " + from + " WHERE " + key + " = " + keyArray;
    }

    private String arrays(TableShape child) {
        String order = list("c.", child.order(), "");
        StringBuilder arrays = new StringBuilder();
        for (String column : child.columns()) {
            arrays.append(arrays.isEmpty() ? "" : ", ")
                    .append("array_agg(c.")
                    .append(quote(column))
                    .append("::text ORDER BY ")
                    .append(order)
                    .append(") AS ")
                    .append(quote("#" + column));
        }
        return "SELECT " + arrays + " FROM " + child.quoted() + " AS c WHERE c." + quote(child.parent()) + " = " + key;
    }
}
