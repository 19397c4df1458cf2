package io.cloister.channel.handshake;

import io.cloister.channel.Refusal;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a peer is told when it is refused: one byte and no text. Coarser than {@link Refusal} on purpose. */
public enum AbortCode {
    BAD_MESSAGE(1),
    BAD_VERSION(2),
    OTHER_NETWORK(3),
    OTHER_POLICY(4),
    UNKNOWN_NODE(5),
    BAD_EVIDENCE(6),
    BAD_CHANNEL_BINDING(7),
    BAD_AUTHENTICATOR(8),
    STALE_BOOT(9),
    RATE_LIMITED(10),
    TIMEOUT(11),
    SUPERSEDED(12),
    UNAVAILABLE(13),
    SHUTDOWN(14),
    INTERNAL_ERROR(15);

    private static final Map<Integer, AbortCode> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(AbortCode::code, Function.identity()));

    private final int code;

    AbortCode(int code) {
        this.code = code;
    }

    /** The byte on the wire. */
    public int code() {
        return code;
    }

    /** @throws CodecException UNKNOWN for a byte without a meaning */
    public static AbortCode of(int code) {
        AbortCode known = BY_CODE.get(code);
        if (known == null) {
            throw new CodecException(Reason.UNKNOWN, "abort code " + code);
        }
        return known;
    }

    /** What a peer that is refused for this reason is told. */
    public static AbortCode of(Refusal refusal) {
        return switch (refusal) {
            case MALFORMED_FRAME, OVERSIZE_FRAME, UNEXPECTED_FRAME, FLOW_VIOLATION, WRONG_DIRECTION, REFLECTED_NONCE ->
                BAD_MESSAGE;
            case UNSUPPORTED_VERSION -> BAD_VERSION;
            case WRONG_CHAIN, WRONG_GENESIS -> OTHER_NETWORK;
            case WRONG_POLICY -> OTHER_POLICY;
            case UNKNOWN_NODE, REMOVED -> UNKNOWN_NODE;
            case WRONG_PURPOSE, BAD_SIGNATURE, EVIDENCE_REJECTED -> BAD_EVIDENCE;
            case WRONG_TRANSPORT, WRONG_CHANNEL, WRONG_ROLE, WRONG_NODE, WRONG_KEYS -> BAD_CHANNEL_BINDING;
            case BAD_FINISH -> BAD_AUTHENTICATOR;
            case STALE_BOOT, CLONED_BOOT -> STALE_BOOT;
            case RATE_LIMITED, LOW_SCORE -> RATE_LIMITED;
            case TIMEOUT -> TIMEOUT;
            case SUPERSEDED -> SUPERSEDED;
            case NO_OWN_EVIDENCE, NO_PEER_EVIDENCE -> UNAVAILABLE;
            case SHUTDOWN -> SHUTDOWN;
            case REFUSED_BY_PEER, OWN_BOOT_STALE, CONNECTION_LOST, INTERNAL -> INTERNAL_ERROR;
        };
    }
}
