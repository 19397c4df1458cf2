package io.cloister.api;

import io.cloister.codec.Bytes;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A rate limit for each client beside one for all of them together, so that one client alone never takes what others
 * may use. A client is an IPv4 address or the network of an IPv6 address, of which anybody has as many as he likes.
 * Remembers the last {@value #MAX_CLIENTS} clients.
 */
final class ClientLimits {
    static final int MAX_CLIENTS = 4_096;
    private static final int NETWORK = 8;

    private final int burst;
    private final double perSecond;
    private final RateLimit all;
    private final Map<Bytes, RateLimit> clients = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, RateLimit> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    /** @param all for everybody together */
    ClientLimits(int burst, double perSecond, RateLimit all) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.all = all;
    }

    /**
     * Takes from the client's own limit first: who is over it takes nothing from the others.
     *
     * @param address of the connection's other end
     * @throws ApiException 429 when a limit is reached
     */
    void take(String address) {
        RateLimit own;
        synchronized (clients) {
            own = clients.computeIfAbsent(client(address), a -> new RateLimit(burst, perSecond));
        }
        own.take();
        all.take();
    }

    private static Bytes client(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            Bytes bytes = Bytes.of(parsed.getAddress());
            return parsed instanceof Inet6Address ? bytes.slice(0, NETWORK) : bytes;
        } catch (IllegalArgumentException e) {
            return Bytes.EMPTY;
        }
    }
}
