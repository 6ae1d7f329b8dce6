package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.internal.PlainText;

/** What tells groups of divergences apart. */
record GroupId(String repository, String operation, String path, Kind kind) {

    static GroupId of(Divergence one) {
        return new GroupId(
                PlainText.of(one.repository(), PlainText.OPERATION),
                PlainText.of(one.operation(), PlainText.OPERATION),
                PlainText.of(one.pathPattern(), PlainText.PATH),
                one.kind());
    }
}
