package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.tpm.TpmException;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TpmTransportsTest {
    private static final Bytes COMMAND = Bytes.hex("80010000000c000001440000");
    private static final Bytes ANSWER = Bytes.hex("80010000000a00000100");

    @TempDir
    Path folder;

    /** A server that takes one command and answers it with these bytes, then waits or closes. */
    private final class Server implements AutoCloseable {
        final Path path = folder.resolve("tpm");
        private final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final Thread thread;

        Server(Bytes answer, boolean closes) throws IOException {
            listener.bind(UnixDomainSocketAddress.of(path));
            thread = Thread.ofVirtual().start(() -> serve(answer, closes));
        }

        private void serve(Bytes answer, boolean closes) {
            try (SocketChannel client = listener.accept()) {
                ByteBuffer command = ByteBuffer.allocate(COMMAND.length());
                while (command.hasRemaining() && client.read(command) >= 0) {
                    continue;
                }
                for (int i = 0; i < answer.length(); i++) { // byte by byte: an answer may come in pieces
                    client.write(answer.slice(i, 1).buffer());
                }
                if (!closes) {
                    client.read(ByteBuffer.allocate(1));
                }
            } catch (IOException e) {
                return; // the test has closed the connection
            }
        }

        @Override
        public void close() throws Exception {
            listener.close();
            thread.join();
        }
    }

    private static TpmSocket connect(Server server) {
        return TpmSocket.connect(server.path, Duration.ofMillis(300));
    }

    @Test
    void takesAnAnswerThatComesInPieces() throws Exception {
        try (Server server = new Server(ANSWER, false);
                TpmSocket socket = connect(server)) {
            assertThat(socket.transmit(COMMAND)).isEqualTo(ANSWER);
            assertThat(socket.name()).isEqualTo(server.path.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8001", "80010000000c00000000"})
    void givesUpOnAnAnswerThatDoesNotEnd(String answer) throws Exception {
        try (Server server = new Server(Bytes.hex(answer), false);
                TpmSocket socket = connect(server)) {
            assertThatExceptionOfType(TpmException.TimedOut.class).isThrownBy(() -> socket.transmit(COMMAND));
            assertThatExceptionOfType(TpmException.TransportFailed.class).isThrownBy(() -> socket.transmit(COMMAND));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8001",
                "80010000000c00000000",
                "80010000000900000000",
                "8001ffffffff00000000",
                "80010000100100000000"
            })
    void refusesAnAnswerThatIsCutOrOfImpossibleSize(String answer) throws Exception {
        try (Server server = new Server(Bytes.hex(answer), true);
                TpmSocket socket = connect(server)) {
            assertThatExceptionOfType(TpmException.TransportFailed.class).isThrownBy(() -> socket.transmit(COMMAND));
        }
    }

    @Test
    void tellsMissingDevicesAndSocketsFromClosedOnes() throws IOException {
        Path missing = folder.resolve("missing");
        assertThatExceptionOfType(TpmException.DeviceMissing.class).isThrownBy(() -> TpmDevice.open(missing));
        assertThatExceptionOfType(TpmException.DeviceMissing.class)
                .isThrownBy(() -> TpmSocket.connect(missing, Duration.ofSeconds(1)));
        assertThatExceptionOfType(TpmException.TransportFailed.class).isThrownBy(() -> TpmDevice.open(folder));
        Path file = Files.createFile(folder.resolve("file"));
        assertThatExceptionOfType(TpmException.TransportFailed.class)
                .isThrownBy(() -> TpmSocket.connect(file, Duration.ofSeconds(1)));
    }

    /** A pipe that is open both ways gives back what was written, in the one read that a device would answer. */
    @Test
    void writesACommandWholeAndReadsTheAnswerWhole() throws Exception {
        Path pipe = folder.resolve("pipe");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo");
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();
        try (TpmDevice device = TpmDevice.open(pipe)) {
            assertThat(device.name()).isEqualTo(pipe.toString());
            assertThat(device.transmit(COMMAND)).isEqualTo(COMMAND);
            assertThat(device.transmit(ANSWER)).isEqualTo(ANSWER);
            device.close();
            assertThatExceptionOfType(TpmException.TransportFailed.class).isThrownBy(() -> device.transmit(COMMAND));
        }
    }
}
