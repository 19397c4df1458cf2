package io.cloister.multichain.ethereum;

import com.esaulpaugh.headlong.abi.Address;
import com.esaulpaugh.headlong.abi.Event;
import com.esaulpaugh.headlong.abi.Tuple;
import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.crypto.Hashes;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.util.List;
import java.util.Optional;

/** What the gateway contract says happened. Who emitted a log is the caller's to check. */
public sealed interface GatewayEvent {

    /**
     * Somebody gave up his tokens for coin of the other chain.
     *
     * @param recipient the text of an address on the other chain, as bytes; nobody has checked it
     * @param nonce number of the burn, rising by one from 0
     * @param from 20 bytes
     */
    record Burned(Bytes recipient, BigInteger amount, long nonce, Bytes from) implements GatewayEvent {}

    /** A deposit was minted. */
    record Minted(Bytes to, BigInteger amount, Bytes depositHash, Bytes payloadHash) implements GatewayEvent {}

    /**
     * The authority changed, or gave a sign of life when both are the same.
     *
     * @param nonce the contract's {@code authorityNonce} that was used up
     */
    record AuthorityChanged(Bytes previous, Bytes current, BigInteger nonce, boolean byGuardians)
            implements GatewayEvent {}

    /** First topic of each kind. */
    Bytes BURNED = Hashes.keccak256(Bytes.utf8("Burned(bytes,uint256,uint64,address)"));

    Bytes MINTED = Hashes.keccak256(Bytes.utf8("Minted(address,uint256,bytes32,bytes32)"));

    Bytes AUTHORITY_CHANGED = Hashes.keccak256(Bytes.utf8("AuthorityChanged(address,address,uint256,bool)"));

    /**
     * Reads a log of the gateway.
     *
     * @return empty for other events and for data that is not what the event declares
     */
    static Optional<GatewayEvent> decode(Log log) {
        if (log.topics().isEmpty()) {
            return Optional.empty();
        }
        Bytes kind = log.topics().getFirst();
        try {
            if (kind.equals(BURNED)) {
                return Optional.of(burned(log));
            }
            if (kind.equals(MINTED)) {
                return Optional.of(minted(log));
            }
            return kind.equals(AUTHORITY_CHANGED) ? Optional.of(authorityChanged(log)) : Optional.empty();
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static GatewayEvent burned(Log log) {
        Tuple all = arguments(EventTypes.BURNED, log);
        return new Burned(
                Bytes.of((byte[]) all.get(0)),
                all.get(1),
                all.<BigInteger>get(2).longValueExact(),
                Abi.address(all.<Address>get(3)));
    }

    private static GatewayEvent minted(Log log) {
        Tuple all = arguments(EventTypes.MINTED, log);
        return new Minted(Abi.address(all.<Address>get(0)), all.get(1), Bytes.of((byte[]) all.get(2)), Bytes.of((byte[])
                all.get(3)));
    }

    private static GatewayEvent authorityChanged(Log log) {
        Tuple all = arguments(EventTypes.AUTHORITY_CHANGED, log);
        return new AuthorityChanged(
                Abi.address(all.<Address>get(0)), Abi.address(all.<Address>get(1)), all.get(2), all.get(3));
    }

    private static Tuple arguments(Event<Tuple> event, Log log) {
        List<Bytes> topics = log.topics();
        return event.decodeArgs(
                topics.stream().map(Bytes::toArray).toArray(byte[][]::new),
                log.data().toArray());
    }
}
