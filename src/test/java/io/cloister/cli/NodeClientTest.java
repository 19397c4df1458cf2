package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.cli.NodeClient.Attested;
import io.cloister.client.ApiException;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.membership.NodeRecord;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who asks a node over TLS, and what comes between. */
class NodeClientTest {
    private static final SigningKey SLOT = TestChain.key("a slot");
    private static final SigningKey VOTE = TestChain.key("a vote");

    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final Policy policy = TestChips.policy(ProductLine.GENOA);
    private final List<HttpsServer> servers = new ArrayList<>();

    /** A server with a TLS key of its own. */
    private final class Server {
        final Bytes spki;
        private final HttpsServer server;

        Server() throws Exception {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair pair = generator.generateKeyPair();
            spki = Hashes.sha256(Bytes.of(pair.getPublic().getEncoded()));
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context(pair)));
            servers.add(server);
            server.start();
        }

        /** Answers as a node that shows this evidence for a nonce. */
        NodeClient answering(Function<Bytes, Bytes> evidence, NodeRecord record) {
            server.createContext("/v1/attestation/evidence", exchange -> {
                String query = exchange.getRequestURI().getQuery();
                Bytes nonce = Bytes.hex(query.substring("nonce=".length()));
                answer(exchange, "application/cbor", evidence.apply(nonce));
            });
            server.createContext("/v1/node", exchange -> {
                String node = "{\"chainId\":\"c\",\"step\":\"READY\",\"release\":\"r\",\"platform\":\"p\",\"record\":\""
                        + record.encode().to0x() + "\"}";
                answer(exchange, "application/json", Bytes.utf8(node));
            });
            return new NodeClient(
                    URI.create("https://127.0.0.1:" + server.getAddress().getPort()));
        }

        private static void answer(HttpExchange exchange, String type, Bytes body) throws IOException {
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length());
            exchange.getResponseBody().write(body.toArray());
            exchange.close();
        }
    }

    private static SSLContext context(KeyPair pair) throws Exception {
        X500Name name = new X500Name("CN=a test");
        Instant now = Instant.now();
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minus(1, ChronoUnit.DAYS)),
                                Date.from(now.plus(1, ChronoUnit.DAYS)),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("k", pair.getPrivate(), new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private BootKeySet keys(Bytes spki) {
        return new BootKeySet(
                "cloister-test", SLOT.id(), 1, spki, VOTE.id(), Bytes.zeros(33), Bytes.zeros(32), Bytes.zeros(33));
    }

    private Evidence evidence(BootKeySet keys, Bytes nonce, Bytes connection) {
        return TestChips.evidence(chip, TestChips.report(chip, 3), keys, Leaf.restNonce(nonce, connection));
    }

    private static NodeRecord record() {
        return NodeRecord.sign(SLOT, "cloister-test", VOTE.id(), VOTE.id(), "localhost", 1);
    }

    @Test
    void takesTheEvidenceOfTheNodeAtTheOtherEnd() throws Exception {
        Server node = new Server();
        NodeClient client = node.answering(
                nonce -> EvidenceFormat.CBOR.write(evidence(keys(node.spki), nonce, node.spki)), record());

        Attested attested = client.attest(policy);

        assertThat(attested.verdict().accepted())
                .as(attested.verdict().summary())
                .isTrue();
        assertThat(attested.record()).isEqualTo(record());
    }

    @Test
    void refusesWhatARelayForwardsOfAnotherNodeOverItsOwnConnection() throws Exception {
        Server node = new Server();
        Server relay = new Server();
        NodeClient client = relay.answering(
                nonce -> EvidenceFormat.CBOR.write(evidence(keys(node.spki), nonce, node.spki)), record());

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> client.attest(policy))
                .withMessageContaining("TLS key");
    }

    /** A relay that changes the leaf to its own key has a report that does not bind it. */
    @Test
    void refusesEvidenceThatARelayHasMadeToFitItself() throws Exception {
        Server node = new Server();
        Server relay = new Server();
        NodeClient client = relay.answering(
                nonce -> {
                    Evidence real = evidence(keys(node.spki), nonce, node.spki);
                    return EvidenceFormat.CBOR.write(new Evidence(
                            real.hardware(), keys(relay.spki), Leaf.restNonce(nonce, relay.spki), real.path()));
                },
                record());

        Attested attested = client.attest(policy);

        assertThat(attested.verdict().accepted()).isFalse();
        assertThat(attested.verdict().failures())
                .extracting(check -> check.name())
                .containsExactly("binding");
    }

    @Test
    void refusesEvidenceForAnotherNonceAndWhatIsNone() throws Exception {
        Server node = new Server();
        NodeClient replayed = node.answering(
                nonce -> EvidenceFormat.CBOR.write(evidence(keys(node.spki), Bytes.zeros(32), node.spki)), record());
        assertThat(replayed.attest(policy).verdict().accepted()).isFalse();

        NodeClient garbage = new Server().answering(nonce -> Bytes.utf8("{}"), record());
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> garbage.attest(policy));
        NodeClient endless = new Server().answering(nonce -> Bytes.zeros(1 << 20), record());
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> endless.attest(policy));
        NodeClient nobody = new NodeClient(URI.create("https://127.0.0.1:1"));
        assertThatExceptionOfType(ApiException.class).isThrownBy(() -> nobody.attest(policy));
    }
}
