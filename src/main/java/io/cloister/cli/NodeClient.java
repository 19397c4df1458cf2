package io.cloister.cli;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.client.ApiClient;
import io.cloister.client.ApiException;
import io.cloister.client.api.AttestationApi;
import io.cloister.client.api.BridgeApi;
import io.cloister.client.api.ChainApi;
import io.cloister.client.api.EvmApi;
import io.cloister.client.api.NetworkApi;
import io.cloister.codec.Bytes;
import io.cloister.ledger.membership.NodeRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/** A node as the commands speak to it: the generated client over TLS whose key is held against the node's evidence. */
public final class NodeClient {
    private static final int NONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final URI uri;
    private final PinnedTls tls = new PinnedTls();
    private final HttpClient http;
    private final ApiClient client;

    /** @param uri such as {@code https://127.0.0.1:8443}, without a slash at its end */
    public NodeClient(URI uri) {
        this.uri = uri;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .sslContext(tls.context())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5));
        this.http = builder.build();
        this.client = new ApiClient();
        client.setHttpClientBuilder(builder);
        client.updateBaseUri(uri + "/v1");
        client.setReadTimeout(PATIENCE);
    }

    public URI uri() {
        return uri;
    }

    /** For what the generated client does not do: streams and sealed bodies. */
    public HttpClient http() {
        return http;
    }

    /** Takes the key that the node shows next as new: it has been restarted. */
    public void forgetKey() {
        tls.forget();
    }

    public NetworkApi network() {
        return new NetworkApi(client);
    }

    public AttestationApi attestation() {
        return new AttestationApi(client);
    }

    public BridgeApi bridge() {
        return new BridgeApi(client);
    }

    public ChainApi chain() {
        return new ChainApi(client);
    }

    public EvmApi evm() {
        return new EvmApi(client);
    }

    /**
     * What a node has shown of itself.
     *
     * @param verdict by the policy that was asked with; the binding covers the nonce and this connection's TLS key
     */
    public record Attested(Bytes nonce, Evidence evidence, NodeRecord record, Verdict verdict) {}

    /**
     * Fetches evidence for a fresh nonce and judges it. The leaf demanded names the key that this connection has seen, so
     * evidence that was made for another connection is refused.
     *
     * @throws ApiException when the node does not answer
     */
    public Attested attest(Policy policy) throws ApiException {
        byte[] random = new byte[NONCE];
        new SecureRandom().nextBytes(random);
        Bytes nonce = Bytes.wrap(random);
        Evidence evidence = evidence(nonce);
        NodeRecord record = record();
        Leaf leaf = Leaf.restNonce(nonce, tls.spki().orElseThrow());
        Verdict verdict = new EvidenceVerifier().verify(evidence, leaf, policy, Instant.now());
        requireConsistent(evidence, record);
        return new Attested(nonce, evidence, record, verdict);
    }

    /** The exact document: the generated model would take one that is only nearly of the form. */
    private Evidence evidence(Bytes nonce) throws ApiException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(uri + "/v1/attestation/evidence?nonce=" + nonce.toHex()))
                .header("Accept", EvidenceFormat.CBOR.mediaType())
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                Bytes read = Bytes.wrap(body.readNBytes(EvidenceFormat.CBOR.maxSize() + 1));
                if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
                    throw new ApiException(answer.statusCode(), "no evidence", answer.headers(), read.toString());
                }
                return EvidenceFormat.CBOR.read(read);
            }
        } catch (IOException e) {
            throw new ApiException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(e);
        }
    }

    private NodeRecord record() throws ApiException {
        String record = network().getNode().getRecord();
        if (record == null) {
            throw new ApiException(HttpURLConnection.HTTP_UNAVAILABLE, "the node has no record yet");
        }
        return NodeRecord.decode(Bytes.hex(record));
    }

    private void requireConsistent(Evidence evidence, NodeRecord record) {
        boolean same = record.isSigned()
                && record.nodeId().equals(evidence.keys().nodeId())
                && record.voteKey().equals(evidence.keys().voteKey33())
                && record.chainId().equals(evidence.keys().chainId())
                && tls.spki().orElseThrow().equals(evidence.keys().tlsSpki());
        if (!same) {
            throw new CommandFailed(1, uri + " shows a record or a TLS key that its evidence does not bind");
        }
    }
}
