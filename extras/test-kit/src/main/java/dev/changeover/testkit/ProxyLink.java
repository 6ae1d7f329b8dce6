package dev.changeover.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One connection through a proxy: a socket to either side and a thread per direction. */
final class ProxyLink {
    private final Socket client;
    private final Socket server;
    private final AtomicLong total;
    private final AtomicLong own = new AtomicLong();
    private final AtomicBoolean clientSpokeLast = new AtomicBoolean();
    private final Consumer<ProxyLink> onEnd;

    ProxyLink(Socket client, Socket server, AtomicLong total, Consumer<ProxyLink> onEnd) throws IOException {
        this.client = client;
        this.server = server;
        this.total = total;
        this.onEnd = onEnd;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start(Flow toServer, Flow toClient) {
        daemon("proxy to server", () -> pump(client, server, toServer, () -> clientSpokeLast.set(true)));
        daemon("proxy to client", () -> pump(server, client, toClient, this::countTurn));
    }

    long roundTrips() {
        return own.get();
    }

    void resetCount() {
        own.set(0);
    }

    /** Ends both sides with RST. */
    void reset() {
        resetQuietly(client);
        resetQuietly(server);
        onEnd.accept(this);
    }

    private void countTurn() {
        if (clientSpokeLast.compareAndSet(true, false)) {
            own.incrementAndGet();
            total.incrementAndGet();
        }
    }

    private void pump(Socket from, Socket to, Flow flow, Runnable onData) {
        try {
            forward(from, to, flow, onData);
        } catch (IOException e) {
            reset(); // one side broke: the other one shall see it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeQuietly(from);
            closeQuietly(to);
            onEnd.accept(this);
        }
    }

    private void forward(Socket from, Socket to, Flow flow, Runnable onData) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        InputStream in = from.getInputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            onData.run();
            int passing = flow.pass(length);
            to.getOutputStream().write(buffer, 0, passing);
            if (passing < length) {
                reset();
                return;
            }
        }
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    static void resetQuietly(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed already
        }
        closeQuietly(socket);
    }

    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // there is nobody to tell
        }
    }
}
