package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on 127.0.0.1 in front of a server, which delays, stalls, cuts and refuses, and counts round trips.
 *
 * <p>A round trip is a turn of the talk: the client sent something, and then the server answered. With the PostgreSQL
 * driver that is one per statement or batch, and one per commit; {@code BEGIN} travels with the first statement.
 *
 * <p>Faults apply to open and to new connections from the moment of the call. Safe for use by several threads.
 */
public final class FaultProxy implements AutoCloseable {

    /** Which way the data flows. */
    public enum Direction {
        /** From the client to the server: requests. */
        TO_SERVER,
        /** From the server to the client: replies. */
        TO_CLIENT
    }

    private final InetSocketAddress target;
    private final int port;
    private final Flow toServer = new Flow();
    private final Flow toClient = new Flow();
    private final AtomicLong roundTrips = new AtomicLong();
    private final List<ProxyLink> links = new CopyOnWriteArrayList<>();
    private @Nullable ServerSocket listener;

    private FaultProxy(InetSocketAddress target) {
        this.target = target;
        this.port = listen(0);
    }

    /** A proxy in front of a cluster. */
    public static FaultProxy to(PostgresCluster cluster) {
        return to("127.0.0.1", cluster.port());
    }

    /** A proxy in front of any server, or of another proxy. */
    public static FaultProxy to(String host, int port) {
        return new FaultProxy(new InetSocketAddress(host, port));
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The URL of a database through this proxy, for the user {@code postgres}. */
    public String jdbcUrl(String database) {
        return PostgresCluster.jdbcUrl(port, database);
    }

    /** Holds each packet of that direction back for this long; zero ends it. Large transfers get slower, too. */
    public FaultProxy delay(Direction direction, Duration delay) {
        flow(direction).delay(delay);
        return this;
    }

    /** Forwards nothing in that direction until {@link #resume}; connections stay open, and nothing gets lost. */
    public FaultProxy stall(Direction direction) {
        flow(direction).stall();
        return this;
    }

    /** Forwards what a stall held back. */
    public FaultProxy resume(Direction direction) {
        flow(direction).resume();
        return this;
    }

    /**
     * Forwards this many more bytes in that direction, over all connections, and resets the connection that has more.
     * Once: later connections flow again. With 0 bytes towards the client, the next reply gets lost after the server
     * did its work.
     */
    public FaultProxy cutAfter(Direction direction, long bytes) {
        flow(direction).cutAfter(bytes);
        return this;
    }

    /** Resets (RST) all open connections on both sides. */
    public FaultProxy reset() {
        links.forEach(ProxyLink::reset);
        return this;
    }

    /** Refuses new connections until {@link #accept}; open ones go on. */
    public synchronized FaultProxy refuse() {
        closeListener();
        return this;
    }

    /** Takes new connections again after {@link #refuse}. */
    public synchronized FaultProxy accept() {
        if (listener == null) {
            listen(port);
        }
        return this;
    }

    /** Ends all delays, stalls, planned cuts and refusals. */
    public FaultProxy heal() {
        toServer.heal();
        toClient.heal();
        return accept();
    }

    /** Round trips of all connections since the start or the last {@link #resetCounts}. */
    public long roundTrips() {
        return roundTrips.get();
    }

    /** Round trips of each open connection, the oldest first. */
    public List<Long> roundTripsPerConnection() {
        return links.stream().map(ProxyLink::roundTrips).toList();
    }

    /** Sets all counts of round trips to zero. */
    public void resetCounts() {
        roundTrips.set(0);
        links.forEach(ProxyLink::resetCount);
    }

    /** How many connections are open through the proxy. */
    public int connections() {
        return links.size();
    }

    /** Stops listening and resets all connections. */
    @Override
    public synchronized void close() {
        closeListener();
        reset();
        toServer.heal();
        toClient.heal();
    }

    private Flow flow(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    private synchronized int listen(int wanted) {
        try {
            ServerSocket socket = new ServerSocket(wanted, 50, InetAddress.getLoopbackAddress());
            listener = socket;
            ProxyLink.daemon("proxy accept", () -> acceptOn(socket));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on port " + wanted, e);
        }
    }

    private synchronized void closeListener() {
        if (listener != null) {
            ProxyLink.closeQuietly(listener);
            listener = null;
        }
    }

    private void acceptOn(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                link(socket.accept());
            } catch (IOException e) {
                // closed by refuse() or close()
            }
        }
    }

    private void link(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(target);
            ProxyLink link = new ProxyLink(client, server, roundTrips, links::remove);
            links.add(link);
            link.start(toServer, toClient);
        } catch (IOException e) {
            ProxyLink.resetQuietly(client); // the server is down: its client learns that at once
            ProxyLink.closeQuietly(server);
        }
    }
}
