package dev.changeover.core.request;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.request.RequestResult.State;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request at work, on a thread of its own. */
final class RequestRun implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    private final Request request;
    private final RequestHandler handler;
    private final String instance;
    private final Runnable wake;
    private volatile @Nullable RequestResult result;
    private volatile boolean over;

    /**
     * @param instance the id of this instance, whose log says more than the table
     * @param wake told when it is over
     */
    RequestRun(Request request, RequestHandler handler, String instance, Runnable wake) {
        this.request = request;
        this.handler = handler;
        this.instance = instance;
        this.wake = wake;
    }

    Request request() {
        return request;
    }

    boolean over() {
        return over;
    }

    /** Returns what came of it, or null if it is left to another instance. */
    @Nullable
    RequestResult result() {
        return result;
    }

    @Override
    public void run() {
        try {
            result = handled();
        } finally {
            over = true;
            wake.run();
        }
    }

    private @Nullable RequestResult handled() {
        try {
            RequestResult given = handler.handle(request);
            return given.state() == State.DONE || request.goesOn() ? given : stopped(given);
        } catch (RequestStoppedException e) {
            return stopped(RequestResult.done());
        } catch (MoveRefusedException e) {
            return new RequestResult(e.wouldLoseData() ? State.REFUSED : State.FAILED, Map.of(), e.getMessage());
        } catch (GateNotMetException e) {
            return RequestResult.notMet(String.valueOf(e.getMessage())).with("gates", GateValues.reports(e.reports()));
        } catch (Throwable failure) {
            return failed(failure);
        }
    }

    /** Whoever stopped it wanted either its end or another instance to have it. */
    private @Nullable RequestResult stopped(RequestResult given) {
        return request.cancelled() ? given.cancelled() : null;
    }

    private @Nullable RequestResult failed(Throwable failure) {
        if (RequestFailure.databaseAway(failure)) {
            LOG.warn(
                    "request {} ({} of {}) lost the database; it is begun again",
                    request.id(),
                    request.verb(),
                    request.repository(),
                    failure);
            return null;
        }
        if (RequestFailure.saysItself(failure)) {
            return RequestResult.failed(RequestFailure.message(failure));
        }
        LOG.warn("request {} ({} of {}) failed", request.id(), request.verb(), request.repository(), failure);
        return RequestResult.failed(request.verb() + ": " + RequestFailure.message(failure)
                + ". Look at the log of instance " + instance + ", which has more of it, then ask again");
    }
}
