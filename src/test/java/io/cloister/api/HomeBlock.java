package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinBlock;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.bitcoin.TxInput;
import io.cloister.multichain.bitcoin.TxOutput;
import java.util.List;

/** A mined regtest block of a coinbase and one payment. */
record HomeBlock(BitcoinBlock block) {
    private static final BitcoinProfile PROFILE = ChainProfiles.LITECOIN_REGTEST;
    private static final OutPoint NOTHING = new OutPoint(Bytes.zeros(32), 0xffff_ffffL);

    static HomeBlock paying(Bytes script, long amount, long seconds) {
        BitcoinTransaction coinbase = transaction(NOTHING, new TxOutput(5_000_000_000L, Bytes.zeros(22)));
        OutPoint spent = new OutPoint(Hashes.sha256(script), 1);
        BitcoinTransaction payment = transaction(spent, new TxOutput(amount, script));
        Bytes root = Hashes.doubleSha256(coinbase.txid(), payment.txid());
        for (int nonce = 0; ; nonce++) {
            BitcoinHeader header = new BitcoinHeader(Bytes.concat(
                    little(4), Bytes.zeros(32), root, little((int) seconds), little(0x207f_ffff), little(nonce)));
            if (header.hasWork(PROFILE)) {
                return new HomeBlock(BitcoinBlock.decode(
                        Bytes.concat(header.raw(), Bytes.of((byte) 2), coinbase.encode(), payment.encode())));
            }
        }
    }

    private static BitcoinTransaction transaction(OutPoint spent, TxOutput output) {
        TxInput input = new TxInput(spent, Bytes.of((byte) 1, (byte) 7), 0xffff_ffffL, List.of(Bytes.zeros(32)));
        return new BitcoinTransaction(2, List.of(input), List.of(output), 0);
    }

    private static Bytes little(int number) {
        return Bytes.of((byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24));
    }

    OutPoint payment() {
        return new OutPoint(block.txids().get(1), 0);
    }

    SpvProof proof() {
        return block.proof(1);
    }

    BlockRef at(long height) {
        return new BlockRef(height, block.header().hash());
    }
}
