package io.cloister.api;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.format.AttestationResult;
import io.cloister.attestation.format.AttestationResult.Verifier;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.codec.Bytes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Variant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What this node is: its evidence for whoever asks, and its judgement on that of others. */
@Path("attestation")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class AttestationResource {
    private static final String CBOR = "application/cbor";
    private static final MediaType CBOR_TYPE = new MediaType("application", "cbor");
    private static final MediaType TOKEN = new MediaType("application", "eat+jwt");

    private final ClientLimits challengeLimit = new ClientLimits(20, 2, new RateLimit(500, 200));
    private final ClientLimits evidenceLimit = new ClientLimits(40, 5, new RateLimit(200, 50));
    private final ClientLimits verifyLimit = new ClientLimits(20, 5, new RateLimit(50, 20));
    private final ClientLimits documentLimit = new ClientLimits(60, 10, new RateLimit(200, 50));

    @Inject
    private NodeServices node;

    @Inject
    private Challenges challenges;

    @Inject
    private OwnEvidence own;

    @Inject
    private NetworkStatements statements;

    record ChallengeView(String nonce, String expires) {}

    @POST
    @Path("challenges")
    public Response createChallenge(@Context HttpServletRequest connection) {
        challengeLimit.take(connection.getRemoteAddr());
        Challenges.Challenge challenge = challenges.create();
        return Response.status(Response.Status.CREATED)
                .entity(new ChallengeView(
                        challenge.nonce().to0x(), challenge.expires().toString()))
                .build();
    }

    /** What a stranger supplies enters a rest-nonce leaf and nothing else; the leaf names this connection's TLS key. */
    @GET
    @Path("evidence")
    @Produces({MediaType.APPLICATION_JSON, CBOR})
    public Response getEvidence(
            @QueryParam("nonce") @Nullable String text,
            @Context Request request,
            @Context HttpServletRequest connection) {
        Bytes nonce = VerifyRequest.nonce(text);
        MediaType type = chosen(request, MediaType.APPLICATION_JSON_TYPE, CBOR_TYPE);
        Ready.require(node, node.bootKeys());
        evidenceLimit.take(connection.getRemoteAddr());
        challenges.use(nonce);
        EvidenceFormat format =
                type.equals(MediaType.APPLICATION_JSON_TYPE) ? EvidenceFormat.JSON : EvidenceFormat.CBOR;
        return Response.ok(format.write(own.forNonce(nonce)).toArray(), type).build();
    }

    @GET
    @Path("certificates")
    public CertificatesView getCertificates(@Context HttpServletRequest connection) {
        evidenceLimit.take(connection.getRemoteAddr());
        return CertificatesView.of(own.recent());
    }

    @GET
    @Path("release")
    public ReleaseView getRelease(@Context HttpServletRequest connection) {
        documentLimit.take(connection.getRemoteAddr());
        return ReleaseView.of(node.releaseFolder(), Ready.require(node, node.measurement()));
    }

    /** Without a nonce nothing says for whom the evidence was made, and the verdict says so. */
    @POST
    @Path("verify")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, AttestationResult.MEDIA_TYPE})
    public Response verify(
            @Nullable VerifyRequest body, @Context Request request, @Context HttpServletRequest connection) {
        VerifyRequest asked = Input.body(body);
        verifyLimit.take(connection.getRemoteAddr());
        MediaType type = chosen(request, MediaType.APPLICATION_JSON_TYPE, TOKEN);
        VerifyRequest.Parsed parsed = asked.parse(node);
        Instant now = Instant.now();
        Verdict verdict = parsed.judge(Ready.require(node, node.verifier()), now);
        if (type.equals(MediaType.APPLICATION_JSON_TYPE)) {
            return Response.ok(VerdictView.of(verdict), type).build();
        }
        return Response.ok(token(parsed, verdict, now), type).build();
    }

    @GET
    @Path("peers")
    public List<PeerView> listPeers() {
        return PeerView.all(node);
    }

    /** What is signed is inside; the proof beside it is all that it follows from. */
    @GET
    @Path("network")
    public Response getNetworkStatement(@Context HttpServletRequest connection) {
        documentLimit.take(connection.getRemoteAddr());
        return Response.ok(Bytes.utf8(statements.json()).toArray(), MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    private String token(VerifyRequest.Parsed parsed, Verdict verdict, Instant now) {
        Evidence evidence = parsed.evidence();
        Verifier verifier = Verifier.release(Ready.require(node, node.measurement()));
        return AttestationResult.of(verdict, evidence, parsed.nonce(), parsed.policy(), now, verifier)
                .sign(Ready.require(node, node.resultKey()));
    }

    /** The first of these types where the caller takes all alike. */
    private static MediaType chosen(Request request, MediaType... types) {
        return Optional.ofNullable(
                        request.selectVariant(Variant.mediaTypes(types).build()))
                .map(Variant::getMediaType)
                .orElseThrow(NotAcceptableException::new);
    }
}
