package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.BitcoinProfile.RelativeTimelock;
import io.cloister.multichain.ProfileRefused;
import java.util.ArrayList;
import java.util.List;

/**
 * The witness script of every output the committee holds (pay to witness script hash, BIP-141):
 *
 * <pre>{@code
 * <gHash> DROP
 * IF   <S> CHECKSIG
 * ELSE <N> CHECKSEQUENCEVERIFY DROP <m> <g1> ... <gn> <n> CHECKMULTISIG
 * ENDIF
 * }</pre>
 *
 * S is the shard's key, N the week's relative lock (BIP-68, BIP-112), g the guardians. The vault, where change goes, is
 * the gateway whose gHash is {@link #VAULT}.
 *
 * @param gatewayHash gHash, 32 bytes
 * @param shardKey S
 * @param recoverySequence N
 */
public record GatewayScript(Bytes gatewayHash, Point shardKey, long recoverySequence, Guardians guardians) {
    /** gHash of the vault. No preimage of the gateway formula is known for it. */
    public static final Bytes VAULT = Hashes.keccak256(Bytes.utf8("cloister/vault/v1"));

    private static final int OP_1 = 0x51;
    private static final int OP_IF = 0x63;
    private static final int OP_ELSE = 0x67;
    private static final int OP_ENDIF = 0x68;
    private static final int OP_DROP = 0x75;
    private static final int OP_CHECKSIG = 0xac;
    private static final int OP_CHECKMULTISIG = 0xae;
    private static final int OP_CHECKSEQUENCEVERIFY = 0xb2;

    private static final Bytes PRIMARY = Bytes.of((byte) 1);
    private static final int SIGHASH_ALL = 1;

    public GatewayScript {
        if (gatewayHash.length() != 32) {
            throw new IllegalArgumentException("gHash has 32 bytes");
        }
        if (shardKey.isInfinity()) {
            throw new IllegalArgumentException("a shard's key is finite");
        }
        if (recoverySequence < 1 || recoverySequence > 0x0040_ffffL) {
            throw new IllegalArgumentException("a relative lock has 16 bits and the time flag");
        }
    }

    /**
     * The gateway of this hash on this chain.
     *
     * @throws ProfileRefused NO_RELATIVE_TIMELOCK where guardians could spend at once
     */
    public static GatewayScript of(BitcoinProfile profile, Bytes gatewayHash, Point shardKey, Guardians guardians) {
        if (profile.relativeTimelock() != RelativeTimelock.CSV) {
            throw new ProfileRefused(
                    ProfileRefused.Reason.NO_RELATIVE_TIMELOCK,
                    profile.name() + " has no relative timelock: its guardians could spend at once");
        }
        return new GatewayScript(gatewayHash, shardKey, profile.recoverySequence(), guardians);
    }

    /** The gateway that change goes to. */
    public static GatewayScript vault(BitcoinProfile profile, Point shardKey, Guardians guardians) {
        return of(profile, VAULT, shardKey, guardians);
    }

    /** The witness script. */
    public Bytes script() {
        WireWriter writer = new WireWriter();
        push(writer, gatewayHash).u8(OP_DROP).u8(OP_IF);
        push(writer, shardKey.encode()).u8(OP_CHECKSIG).u8(OP_ELSE);
        push(writer, number(recoverySequence)).u8(OP_CHECKSEQUENCEVERIFY).u8(OP_DROP);
        writer.u8(small(guardians.threshold()));
        guardians.keys().forEach(key -> push(writer, key.encode()));
        writer.u8(small(guardians.keys().size())).u8(OP_CHECKMULTISIG).u8(OP_ENDIF);
        return writer.toBytes();
    }

    /** The public-key script of the output: version 0 and SHA-256 of the witness script. */
    public Bytes output() {
        return Bytes.concat(Bytes.of((byte) 0, (byte) 32), Hashes.sha256(script()));
    }

    public String address(BitcoinProfile profile) {
        return BitcoinAddress.ofScript(profile, output()).orElseThrow();
    }

    /** The committee's spend: signature, the selector 1, script. */
    List<Bytes> primaryWitness(Signature signature) {
        return List.of(derAll(signature), PRIMARY, script());
    }

    /**
     * The guardians' spend: the item that CHECKMULTISIG drops, signatures in the order of the keys, the empty selector.
     */
    List<Bytes> recoveryWitness(List<Signature> signatures) {
        List<Bytes> stack = new ArrayList<>();
        stack.add(Bytes.EMPTY);
        signatures.forEach(signature -> stack.add(derAll(signature)));
        stack.add(Bytes.EMPTY);
        stack.add(script());
        return stack;
    }

    /** A signature as script wants it: DER, then the byte SIGHASH_ALL. */
    private static Bytes derAll(Signature signature) {
        return Bytes.concat(signature.der(), Bytes.of((byte) SIGHASH_ALL));
    }

    private static WireWriter push(WireWriter writer, Bytes data) {
        return writer.u8(data.length()).fixed(data);
    }

    private static int small(int number) {
        return OP_1 + number - 1;
    }

    /** A positive number as script has it: little endian, shortest, the highest bit is the sign. */
    private static Bytes number(long value) {
        WireWriter writer = new WireWriter();
        long rest = value;
        int last;
        do {
            last = (int) (rest & 0xff);
            writer.u8(last);
            rest >>>= 8;
        } while (rest != 0);
        return (last & 0x80) == 0 ? writer.toBytes() : writer.u8(0).toBytes();
    }

    public void encode(Writer writer) {
        writer.fixed(gatewayHash).fixed(shardKey.encode()).u32(recoverySequence);
        guardians.encode(writer);
    }

    public static GatewayScript decode(Reader reader) {
        return new GatewayScript(
                reader.fixed(32), Point.decode(reader.fixed(33)), reader.u32(), Guardians.decode(reader));
    }
}
