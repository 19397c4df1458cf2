package io.cloister.architecture.seeded.bridge;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.channels.SocketChannel;
import java.sql.Connection;
import javax.net.ssl.SSLContext;
import javax.sql.DataSource;

/** Cores that open a connection. */
public final class ConnectionOpeners {
    static final class ByUrl {
        Object open(URL url) throws java.io.IOException {
            return url.openStream();
        }
    }

    static final class ByName {
        Object open() throws java.io.IOException {
            return InetAddress.getByName("localhost");
        }
    }

    record BySocket(Socket socket) {}

    record ByServer(ServerSocket socket) {}

    record ByDatagrams(DatagramSocket socket) {}

    record ByHttp(HttpClient client) {}

    record ByChannel(SocketChannel channel) {}

    record ByDatabase(Connection connection) {}

    record ByPool(DataSource pool) {}

    record ByTls(SSLContext tls) {}
}
