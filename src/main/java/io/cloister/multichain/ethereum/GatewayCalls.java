package io.cloister.multichain.ethereum;

import com.esaulpaugh.headlong.abi.Address;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Signature;
import java.math.BigInteger;
import java.util.List;

/** Call data of the gateway and its asset, and the answers of their views. */
public final class GatewayCalls {
    private static final Function MINT = Function.parse("mint(bytes32,uint256,address,bytes32,bytes)");
    private static final Function BURN = Function.parse("burn(bytes,uint256)");
    private static final Function INITIALIZE = Function.parse("initializeAuthority(address)");
    private static final Function ROTATE = Function.parse("rotateAuthority(address,bytes)");
    private static final Function VOTE = Function.parse("voteAuthority(address)");
    private static final Function SPENT = Function.parse("spent(bytes32)", "(bool)");
    private static final Function AUTHORITY = Function.parse("authority()", "(address)");
    private static final Function AUTHORITY_NONCE = Function.parse("authorityNonce()", "(uint256)");
    private static final Function ASSET = Function.parse("asset()", "(address)");
    private static final Function MINIMUM_BURN = Function.parse("minimumBurn()", "(uint256)");
    private static final Function BALANCE = Function.parse("balanceOf(address)", "(uint256)");
    private static final Function SUPPLY = Function.parse("totalSupply()", "(uint256)");
    private static final Function MINT_DIGEST =
            Function.parse("mintDigest(bytes32,uint256,address,bytes32)", "(bytes32)");
    private static final TupleType<Tuple> CONSTRUCTOR =
            TupleType.parse("(string,string,uint8,address[],uint256,uint256)");

    private GatewayCalls() {}

    /**
     * What is appended to the gateway's bytecode when it is deployed.
     *
     * @param guardians 20 bytes each, ascending
     */
    public static Bytes constructor(
            String assetName,
            String assetSymbol,
            int decimals,
            List<Bytes> guardians,
            int threshold,
            long minimumBurn) {
        Address[] addresses = guardians.stream().map(Abi::address).toArray(Address[]::new);
        Tuple arguments = Tuple.from(
                assetName,
                assetSymbol,
                decimals,
                addresses,
                BigInteger.valueOf(threshold),
                BigInteger.valueOf(minimumBurn));
        return Abi.bytes(CONSTRUCTOR.encode(arguments));
    }

    public static Bytes mint(Mint mint, Signature signature) {
        return call(
                MINT,
                mint.payloadHash().toArray(),
                mint.amount(),
                Abi.address(mint.to()),
                mint.depositHash().toArray(),
                signature.ethereum().toArray());
    }

    /** @param recipient the text of an address on the other chain, as bytes */
    public static Bytes burn(Bytes recipient, BigInteger amount) {
        return call(BURN, recipient.toArray(), amount);
    }

    public static Bytes initializeAuthority(Bytes authority) {
        return call(INITIALIZE, Abi.address(authority));
    }

    public static Bytes rotateAuthority(Bytes newAuthority, Signature signature) {
        return call(ROTATE, Abi.address(newAuthority), signature.ethereum().toArray());
    }

    public static Bytes voteAuthority(Bytes candidate) {
        return call(VOTE, Abi.address(candidate));
    }

    /** Whether a deposit has been minted. */
    public static View<Boolean> spent(Bytes depositHash) {
        return view(SPENT, Boolean.class::cast, (Object) depositHash.toArray());
    }

    /** The authority, 20 bytes; zero before the first. */
    public static View<Bytes> authority() {
        return view(AUTHORITY, Address.class::cast).map(Abi::address);
    }

    /** Part of what the next rotation signs. */
    public static View<BigInteger> authorityNonce() {
        return view(AUTHORITY_NONCE, BigInteger.class::cast);
    }

    /** The smallest amount that can be burnt. */
    public static View<BigInteger> minimumBurn() {
        return view(MINIMUM_BURN, BigInteger.class::cast);
    }

    /** The asset's contract, 20 bytes. */
    public static View<Bytes> asset() {
        return view(ASSET, Address.class::cast).map(Abi::address);
    }

    /** The digest as the contract computes it. */
    public static View<Bytes> mintDigest(Mint mint) {
        return view(
                        MINT_DIGEST,
                        byte[].class::cast,
                        mint.payloadHash().toArray(),
                        mint.amount(),
                        Abi.address(mint.to()),
                        mint.depositHash().toArray())
                .map(Bytes::of);
    }

    /** Asked of the asset, not of the gateway. */
    public static View<BigInteger> balanceOf(Bytes holder) {
        return view(BALANCE, BigInteger.class::cast, Abi.address(holder));
    }

    /** Asked of the asset, not of the gateway. */
    public static View<BigInteger> totalSupply() {
        return view(SUPPLY, BigInteger.class::cast);
    }

    private static Bytes call(Function function, Object... arguments) {
        return Abi.bytes(function.encodeCallWithArgs(arguments));
    }

    private static <T> View<T> view(
            Function function, java.util.function.Function<Object, T> type, Object... arguments) {
        return new View<>(
                call(function, arguments), answer -> type.apply(function.decodeSingletonReturn(answer.toArray())));
    }
}
