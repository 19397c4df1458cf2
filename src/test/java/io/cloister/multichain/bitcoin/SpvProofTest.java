package io.cloister.multichain.bitcoin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.ProofRefused.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SpvProofTest {
    private static final BitcoinProfile PROFILE = ChainProfiles.BITCOIN_REGTEST;
    private static final BitcoinBlock BLOCK = block(transactions(11));

    @Property(tries = 60)
    void provesEveryTransactionButTheCoinbase(@ForAll @IntRange(min = 1, max = 40) int count) {
        BitcoinBlock block = block(transactions(count));
        for (int i = 1; i < count; i++) {
            SpvProof proof = roundTrip(block.proof(i));
            assertThat(proof.check(PROFILE, block.header().hash()).txid())
                    .isEqualTo(block.txids().get(i));
        }
        refuses(block.proof(0), Reason.COINBASE);
    }

    @Property(tries = 3000)
    void refusesAProofWithAnyOtherByte(
            @ForAll @IntRange(max = 5_000) int at, @ForAll @IntRange(min = 1, max = 255) int flip) {
        byte[] encoded = encoded(BLOCK.proof(7)).toArray();
        encoded[at % encoded.length] ^= (byte) flip;
        try {
            SpvProof proof = decoded(Bytes.wrap(encoded));
            assertThatThrownBy(() -> proof.check(PROFILE, BLOCK.header().hash()))
                    .isInstanceOf(ProofRefused.class);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @Test
    void namesTheRuleThatATamperedProofBreaks() {
        SpvProof good = BLOCK.proof(4);
        MerkleBranch branch = good.branch();
        assertThatThrownBy(() -> good.check(PROFILE, Bytes.zeros(32)))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.WRONG_BLOCK));
        refuses(with(good, BLOCK.proof(5).transaction()), Reason.ROOT);
        refuses(with(good, new MerkleBranch(5, branch.siblings())), Reason.ROOT);
        refuses(with(good, new MerkleBranch(4 + 16, branch.siblings())), Reason.INDEX);
        List<Bytes> shorter = branch.siblings().subList(0, 3);
        refuses(with(good, new MerkleBranch(4, shorter)), Reason.DEPTH);
        refuses(with(good, BLOCK.transactions().get(4).encode()), Reason.TRANSACTION_FORM);
        refuses(with(good, Bytes.zeros(64)), Reason.TRANSACTION_SIZE);
        refuses(with(good, Bytes.zeros(SpvProof.MAX_TRANSACTION + 1)), Reason.TRANSACTION_SIZE);
        SpvProof notCoinbase =
                new SpvProof(good.header(), good.transaction(), branch, good.transaction(), good.coinbaseSiblings());
        refuses(notCoinbase, Reason.COINBASE_FORM);
        SpvProof otherPath =
                new SpvProof(good.header(), good.transaction(), branch, good.coinbase(), branch.siblings());
        refuses(otherPath, Reason.COINBASE_FORM);
        assertThatThrownBy(
                        () -> good.check(ChainProfiles.BITCOIN, BLOCK.header().hash()))
                .as("a regtest target on the main chain")
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.WORK));
    }

    @Test
    void refusesAnInnerNodeThatPosesAsATransaction() {
        List<Bytes> txids = BLOCK.txids();
        Bytes inner = Bytes.concat(txids.get(2), txids.get(3));
        assertThat(inner.length()).isEqualTo(64);
        SpvProof good = BLOCK.proof(2);
        List<Bytes> above = good.branch().siblings().subList(1, 4);
        assertThat(new MerkleBranch(1, above).fold(Hashes.doubleSha256(inner)))
                .as("the forged path does lead to the root")
                .isEqualTo(BLOCK.header().merkleRoot());
        SpvProof forged = new SpvProof(
                good.header(), inner, new MerkleBranch(1, above), good.coinbase(), good.coinbaseSiblings());
        refuses(forged, Reason.DEPTH);
        SpvProof bothShort = new SpvProof(
                good.header(),
                inner,
                new MerkleBranch(1, above),
                good.coinbase(),
                good.coinbaseSiblings().subList(1, 4));
        refuses(bothShort, Reason.COINBASE_FORM);
    }

    @Test
    void refusesTheSecondPlaceOfADuplicatedLastTransaction() {
        SpvProof last = BLOCK.proof(10);
        assertThat(last.branch().siblings().getFirst()).isEqualTo(BLOCK.txids().get(10));
        last.check(PROFILE, BLOCK.header().hash());
        refuses(with(last, new MerkleBranch(11, last.branch().siblings())), Reason.DUPLICATE_NODE);
    }

    @Test
    void refusesABlockWhoseTransactionsAreRepeatedToKeepItsRoot() {
        List<BitcoinTransaction> repeated = new ArrayList<>(BLOCK.transactions());
        repeated.add(repeated.getLast());
        Bytes wire = wire(BLOCK.header(), repeated);
        assertThatThrownBy(() -> BitcoinBlock.decode(wire))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.DUPLICATE_NODE));
    }

    private static void refuses(SpvProof proof, Reason reason) {
        Bytes hash = proof.header().hash();
        assertThatThrownBy(() -> proof.check(PROFILE, hash))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static SpvProof with(SpvProof proof, Bytes transaction) {
        return new SpvProof(proof.header(), transaction, proof.branch(), proof.coinbase(), proof.coinbaseSiblings());
    }

    private static SpvProof with(SpvProof proof, MerkleBranch branch) {
        return new SpvProof(proof.header(), proof.transaction(), branch, proof.coinbase(), proof.coinbaseSiblings());
    }

    private static SpvProof roundTrip(SpvProof proof) {
        SpvProof read = decoded(encoded(proof));
        assertThat(read).isEqualTo(proof);
        return read;
    }

    private static Bytes encoded(SpvProof proof) {
        Writer writer = new Writer();
        proof.encode(writer);
        return writer.toBytes();
    }

    private static SpvProof decoded(Bytes bytes) {
        Reader reader = new Reader(bytes);
        SpvProof proof = SpvProof.decode(reader);
        reader.end();
        return proof;
    }

    private static List<BitcoinTransaction> transactions(int count) {
        return IntStream.range(0, count).mapToObj(SpvProofTest::transaction).toList();
    }

    private static BitcoinTransaction transaction(int number) {
        OutPoint spent = number == 0 ? OutPoint.NULL : new OutPoint(Hashes.sha256(Bytes.of((byte) number)), 0);
        TxInput input = new TxInput(spent, Bytes.of((byte) 1, (byte) number), 0xffff_ffffL, List.of(Bytes.zeros(32)));
        return new BitcoinTransaction(2, List.of(input), List.of(new TxOutput(1_000 + number, Bytes.zeros(22))), 0);
    }

    private static BitcoinBlock block(List<BitcoinTransaction> transactions) {
        Bytes root = MerkleBranch.root(
                transactions.stream().map(BitcoinTransaction::txid).toList());
        for (int nonce = 0; ; nonce++) {
            WireWriter writer = new WireWriter().u32(4).fixed(Bytes.zeros(32)).fixed(root);
            BitcoinHeader header = new BitcoinHeader(
                    writer.u32(1_700_000_000L).u32(0x207f_ffffL).u32(nonce).toBytes());
            if (header.hasWork(PROFILE)) {
                return BitcoinBlock.decode(wire(header, transactions));
            }
        }
    }

    private static Bytes wire(BitcoinHeader header, List<BitcoinTransaction> transactions) {
        WireWriter writer = new WireWriter().fixed(header.raw()).compact(transactions.size());
        transactions.forEach(transaction -> writer.fixed(transaction.encode()));
        return writer.toBytes();
    }
}
