package io.cloister.multichain.bitcoin;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Satoshi;
import fr.acinq.bitcoin.ScriptFlags;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.SigHash;
import fr.acinq.bitcoin.SigVersion;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxHash;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.multichain.bitcoin.ReleaseRefused.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An unsigned transaction over gateway outputs, the digests to sign and the assembly of what comes back. Its txid is
 * final before it is signed, because all inputs are segregated witness.
 *
 * @param transaction without witnesses, one input for each coin in the same order
 */
public record GatewaySpend(BitcoinTransaction transaction, List<GatewayCoin> coins) {
    /** Inputs a standard transaction can have without nearing its weight limit. */
    public static final int MAX_INPUTS = 100;

    static final int MAX_OUTPUTS = 100;

    public GatewaySpend {
        coins = List.copyOf(coins);
        if (coins.size() != transaction.inputs().size()) {
            throw new IllegalArgumentException("one coin for each input");
        }
    }

    /** Spends all coins to these outputs, each input with this sequence; version 2, no lock time. */
    static GatewaySpend of(List<GatewayCoin> coins, List<TxOutput> outputs, long sequence) {
        List<TxInput> inputs = coins.stream()
                .map(coin -> new TxInput(coin.outPoint(), sequence))
                .toList();
        return new GatewaySpend(new BitcoinTransaction(2, inputs, outputs, 0), coins);
    }

    public Bytes txid() {
        return transaction.txid();
    }

    /** The digest of each input, in order (BIP-143, SIGHASH_ALL). */
    public List<Bytes> digests() {
        Transaction unsigned = unsigned();
        List<Bytes> digests = new ArrayList<>();
        for (int i = 0; i < coins.size(); i++) {
            GatewayCoin coin = coins.get(i);
            digests.add(Bytes.wrap(unsigned.hashForSigning(
                    i,
                    coin.gateway().script().toArray(),
                    SigHash.SIGHASH_ALL,
                    new Satoshi(coin.value()),
                    SigVersion.SIGVERSION_WITNESS_V0)));
        }
        return digests;
    }

    /**
     * The transaction with the committee's signatures, one for each input in order. The script engine has accepted it.
     *
     * @throws ReleaseRefused SIGNATURE naming the first input whose signature is not the shard's
     */
    public BitcoinTransaction assemble(List<Signature> signatures) {
        List<Bytes> digests = digests();
        if (signatures.size() != digests.size()) {
            throw new ReleaseRefused(
                    Reason.SIGNATURE, signatures.size() + " signatures for " + digests.size() + " inputs");
        }
        List<List<Bytes>> witnesses = new ArrayList<>();
        for (int i = 0; i < digests.size(); i++) {
            GatewayScript gateway = coins.get(i).gateway();
            if (!Ecdsa.verify(gateway.shardKey(), digests.get(i), signatures.get(i))) {
                throw new ReleaseRefused(Reason.SIGNATURE, "the signature of input " + i + " is not the shard's");
            }
            witnesses.add(gateway.primaryWitness(signatures.get(i)));
        }
        return witnessed(witnesses);
    }

    /**
     * The transaction with guardians' signatures: for each input exactly as many as its threshold, in the order of the
     * keys.
     *
     * @throws ReleaseRefused SIGNATURE when they do not satisfy the guardian branch
     */
    public BitcoinTransaction assembleRecovery(List<Map<Point, Signature>> signatures) {
        if (signatures.size() != coins.size()) {
            throw new ReleaseRefused(Reason.SIGNATURE, "one set of signatures for each input");
        }
        List<List<Bytes>> witnesses = new ArrayList<>();
        for (int i = 0; i < coins.size(); i++) {
            GatewayScript gateway = coins.get(i).gateway();
            Map<Point, Signature> given = signatures.get(i);
            List<Signature> ordered = gateway.guardians().keys().stream()
                    .filter(given::containsKey)
                    .map(given::get)
                    .toList();
            if (ordered.size() != gateway.guardians().threshold() || ordered.size() != given.size()) {
                throw new ReleaseRefused(
                        Reason.SIGNATURE,
                        "input " + i + " takes " + gateway.guardians().threshold() + " guardians' signatures");
            }
            witnesses.add(gateway.recoveryWitness(ordered));
        }
        return witnessed(witnesses);
    }

    private BitcoinTransaction witnessed(List<List<Bytes>> witnesses) {
        List<TxInput> inputs = new ArrayList<>();
        for (int i = 0; i < witnesses.size(); i++) {
            inputs.add(transaction.inputs().get(i).withWitness(witnesses.get(i)));
        }
        BitcoinTransaction signed =
                new BitcoinTransaction(transaction.version(), inputs, transaction.outputs(), transaction.lockTime());
        runScripts(witnesses);
        return signed;
    }

    private void runScripts(List<List<Bytes>> witnesses) {
        List<ScriptWitness> stacks = witnesses.stream()
                .map(stack -> new ScriptWitness(
                        stack.stream().map(GatewaySpend::vector).toList()))
                .toList();
        Map<fr.acinq.bitcoin.OutPoint, TxOut> spent = new HashMap<>();
        for (GatewayCoin coin : coins) {
            spent.put(
                    outPoint(coin),
                    new TxOut(new Satoshi(coin.value()), vector(coin.gateway().output())));
        }
        try {
            unsigned().updateWitnesses(stacks).correctlySpends(spent, ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS);
        } catch (RuntimeException e) {
            throw new ReleaseRefused(Reason.SIGNATURE, "the script refuses the witnesses: " + e.getMessage());
        }
    }

    private Transaction unsigned() {
        List<TxIn> inputs = new ArrayList<>();
        for (int i = 0; i < coins.size(); i++) {
            inputs.add(
                    new TxIn(outPoint(coins.get(i)), transaction.inputs().get(i).sequence()));
        }
        List<TxOut> outputs = transaction.outputs().stream()
                .map(output -> new TxOut(new Satoshi(output.value()), vector(output.script())))
                .toList();
        return new Transaction(transaction.version(), inputs, outputs, transaction.lockTime());
    }

    private static fr.acinq.bitcoin.OutPoint outPoint(GatewayCoin coin) {
        TxHash wireOrder = new TxHash(coin.outPoint().txid().toArray());
        return new fr.acinq.bitcoin.OutPoint(wireOrder, coin.outPoint().index());
    }

    private static ByteVector vector(Bytes bytes) {
        return new ByteVector(bytes.toArray());
    }

    public void encode(Writer writer) {
        writer.list(coins, (each, coin) -> coin.encode(each));
        writer.list(transaction.outputs(), (each, output) -> output.encode(each));
        writer.u32(
                transaction.inputs().isEmpty()
                        ? 0
                        : transaction.inputs().getFirst().sequence());
    }

    public static GatewaySpend decode(Reader reader) {
        List<GatewayCoin> coins = reader.list(MAX_INPUTS, GatewayCoin::decode);
        List<TxOutput> outputs = reader.list(MAX_OUTPUTS, TxOutput::decode);
        return of(coins, outputs, reader.u32());
    }
}
