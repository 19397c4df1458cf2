package io.cloister.node.launch;

import io.cloister.node.settings.Setting;
import io.cloister.node.settings.Settings;
import io.cloister.node.settings.Settings.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Tries every address to listen on before the server does, because the server does not name the one that is taken. */
final class FreePorts {
    private FreePorts() {}

    /** @throws LaunchRefused naming the setting */
    static void require(Settings settings) throws LaunchRefused {
        require(Setting.HTTP_PORT, new Endpoint("127.0.0.1", settings.httpPort()));
        require(Setting.HTTPS_PORT, settings.https());
        require(Setting.CHANNEL_PORT, settings.channel());
    }

    private static void require(Setting setting, Endpoint endpoint) throws LaunchRefused {
        InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
        String what = setting.key() + ": cannot listen on " + endpoint.host() + ", port " + endpoint.port();
        if (address.isUnresolved()) {
            throw new LaunchRefused(what + " (no such host)");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw new LaunchRefused(what, e);
        }
    }
}
