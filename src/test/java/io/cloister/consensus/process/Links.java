package io.cloister.consensus.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every way from one replica to another leads through a relay here, and can be cut. Use before the replicas start. */
final class Links implements AutoCloseable {
    private final List<Link> links = new ArrayList<>();

    Links(Replicas replicas) throws IOException {
        for (int from = 1; from <= replicas.nodes(); from++) {
            for (int to = 1; to <= replicas.nodes(); to++) {
                if (from != to) {
                    Link link = new Link(from, to, replicas.peers(to));
                    links.add(link);
                    replicas.set(from, "peer." + to, "127.0.0.1:" + link.server.getLocalPort());
                    Thread.ofVirtual().start(link::accept);
                }
            }
        }
    }

    /** Nothing passes between these replicas and the others. */
    void cutOff(Set<Integer> slots) {
        links.stream()
                .filter(it -> slots.contains(it.from) != slots.contains(it.to))
                .forEach(Link::cut);
    }

    void heal() {
        links.forEach(it -> it.open = true);
    }

    @Override
    public void close() {
        links.forEach(Link::close);
    }

    private static final class Link {
        private final int from;
        private final int to;
        private final InetSocketAddress target;
        private final ServerSocket server;
        private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
        private volatile boolean open = true;

        private Link(int from, int to, InetSocketAddress target) throws IOException {
            this.from = from;
            this.to = to;
            this.target = target;
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket near = server.accept();
                    Thread.ofVirtual().start(() -> relay(near));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void relay(Socket near) {
            sockets.add(near);
            try (near;
                    Socket far = new Socket()) {
                if (open) {
                    far.connect(target);
                    sockets.add(far);
                    Thread back = Thread.ofVirtual().start(() -> pump(far, near));
                    pump(near, far);
                    back.join();
                    sockets.remove(far);
                }
            } catch (IOException | InterruptedException gone) {
                // as a broken connection
            } finally {
                sockets.remove(near);
            }
        }

        private void pump(Socket in, Socket out) {
            byte[] buffer = new byte[1 << 16];
            try (in;
                    out) {
                InputStream source = in.getInputStream();
                OutputStream sink = out.getOutputStream();
                for (int read = source.read(buffer); read >= 0 && open; read = source.read(buffer)) {
                    sink.write(buffer, 0, read);
                }
            } catch (IOException gone) {
                // as a broken connection
            }
        }

        private void cut() {
            open = false;
            sockets.forEach(Link::close);
        }

        private void close() {
            cut();
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
