package dev.changeover.core.request;

import java.sql.SQLException;

/** Lets another request end. */
final class CancelHandler implements RequestHandler {

    private final RequestTable table;

    CancelHandler(RequestTable table) {
        this.table = table;
    }

    @Override
    public RequestResult handle(Request request) throws SQLException {
        long other = request.arguments().only("request").number("request");
        String found = table.cancel(other, request.repository())
                .orElseThrow(() -> request.arguments()
                        .refused(
                                "request",
                                "there is no request " + other + " of " + request.repository(),
                                "Look for it in changeover.request"));
        return switch (found) {
            case "WAITING", "RUNNING" -> RequestResult.done().with("cancelled", true);
            default ->
                RequestResult.failed("cancel.request: request " + other + " is " + found
                                + " already. What it did stays; ask for the opposite if that is wanted")
                        .with("cancelled", false);
        };
    }

    @Override
    public boolean alongside() {
        return true;
    }
}
