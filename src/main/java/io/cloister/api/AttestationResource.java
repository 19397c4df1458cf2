package io.cloister.api;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What this node is: its evidence for whoever asks, and its judgement on that of others. */
@Path("attestation")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class AttestationResource {
    private static final int MIN_NONCE = 16;
    private static final int MAX_NONCE = 64;
    private static final int PATIENCE_SECONDS = 20;

    private final ClientLimits challengeLimit = new ClientLimits(20, 2, new RateLimit(500, 200));
    private final RateLimit evidenceLimit = new RateLimit(200, 50);
    private final RateLimit verifyLimit = new RateLimit(50, 20);

    @Inject
    private NodeServices node;

    @Inject
    private Challenges challenges;

    record ChallengeView(String nonce, String expires) {}

    record EvidenceView(String encoded, BootKeysView keys, String record) {}

    record CollateralView(String vek, String intermediate, String root) {}

    /** What somebody wants verified. */
    public record VerifyRequest(
            @Nullable String evidence,
            @Nullable String nonce,
            @Nullable String policy) {}

    @POST
    @Path("challenges")
    public Response createChallenge(@Context HttpServletRequest request) {
        challengeLimit.take(request.getRemoteAddr());
        Challenges.Challenge challenge = challenges.create();
        return Response.status(Response.Status.CREATED)
                .entity(new ChallengeView(
                        challenge.nonce().to0x(), challenge.expires().toString()))
                .build();
    }

    /** What a stranger supplies enters a rest-nonce leaf and nothing else; the leaf names this connection's TLS key. */
    @GET
    @Path("evidence")
    public EvidenceView getEvidence(@QueryParam("nonce") @Nullable String text) {
        Bytes nonce = nonce(text);
        BootKeySet keys = Ready.require(node, node.bootKeys());
        evidenceLimit.take();
        challenges.use(nonce);
        Evidence evidence = attest(Leaf.restNonce(nonce, keys.tlsSpki()));
        return new EvidenceView(
                evidence.encode().to0x(),
                BootKeysView.of(evidence.keys()),
                Ready.require(node, node.record()).encode().to0x());
    }

    @GET
    @Path("certificates")
    public CollateralView getCertificates() {
        evidenceLimit.take();
        byte[] random = new byte[MIN_NONCE];
        new SecureRandom().nextBytes(random);
        BootKeySet keys = Ready.require(node, node.bootKeys());
        Evidence evidence = attest(Leaf.restNonce(Bytes.wrap(random), keys.tlsSpki()));
        SortedMap<String, Bytes> certificates = evidence.hardware().certificates();
        return new CollateralView(
                certificates.getOrDefault("vek", Bytes.EMPTY).to0x(),
                certificates.getOrDefault("intermediate", Bytes.EMPTY).to0x(),
                certificates.getOrDefault("root", Bytes.EMPTY).to0x());
    }

    /** Without a nonce nothing says for whom the evidence was made, and the verdict says so. */
    @POST
    @Path("verify")
    @Consumes(MediaType.APPLICATION_JSON)
    public VerdictView verify(@Nullable VerifyRequest body) {
        VerifyRequest request = Input.body(body);
        verifyLimit.take();
        Evidence evidence = evidence(request.evidence());
        Policy policy = request.policy() == null ? Ready.require(node, node.policy()) : policy(request.policy());
        EvidenceVerifier verifier = Ready.require(node, node.verifier());
        if (request.nonce() == null) {
            return VerdictView.of(verifier.verifyWithoutNonce(evidence, policy, Instant.now()));
        }
        Leaf leaf = Leaf.restNonce(nonce(request.nonce()), evidence.keys().tlsSpki());
        return VerdictView.of(verifier.verify(evidence, leaf, policy, Instant.now()));
    }

    @GET
    @Path("peers")
    public List<PeerView> listPeers() {
        return PeerView.all(node);
    }

    private Evidence attest(Leaf leaf) {
        CompletableFuture<Evidence> answer =
                Ready.require(node, node.attester()).attest(leaf);
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("attestation-unavailable", "interrupted");
        } catch (ExecutionException | TimeoutException e) {
            throw ApiException.unavailable("attestation-unavailable", "the platform makes no report now");
        } finally {
            answer.cancel(false);
        }
    }

    private static Bytes nonce(@Nullable String text) {
        Optional<Bytes> nonce = Optional.empty();
        try {
            nonce = Optional.ofNullable(text).map(Bytes::hex);
        } catch (CodecException e) {
            // The answer below says what a nonce is.
        }
        return nonce.filter(n -> n.length() >= MIN_NONCE && n.length() <= MAX_NONCE)
                .orElseThrow(() -> ApiException.badField("nonce", "16 to 64 bytes as hex"));
    }

    private static Evidence evidence(@Nullable String text) {
        try {
            if (text != null && text.length() <= 2 * Evidence.MAX_SIZE + 2) {
                return Evidence.decode(Bytes.hex(text));
            }
        } catch (CodecException e) {
            throw ApiException.badField("evidence", "no evidence in binary form as hex");
        }
        throw ApiException.badField("evidence", "evidence in binary form as hex, at most 64 KiB");
    }

    private static Policy policy(String text) {
        try {
            return Policy.parse(Bytes.utf8(text));
        } catch (CodecException e) {
            throw ApiException.badField("policy", "no policy document");
        }
    }
}
