package io.cloister.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.client.model.Deposit;
import io.cloister.client.model.Shard;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.ethereum.GatewayDomain;
import io.cloister.multichain.ethereum.Mint;
import java.math.BigInteger;
import java.util.Optional;

/** A deposit on Litecoin, its confirmations live, and the shard's signature of the mint. */
final class DepositStep implements Step {
    private static final long AMOUNT = 250_000_000L;
    private static final int MORE_BLOCKS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The node that is killed: not the one that the demo asks. */
    private static final int VICTIM = 2;

    @Override
    public String title() {
        return "a deposit: confirmations, proof, presignature, signature";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        String gHash = demo.gateway().getgHash();
        OutPoint paid;
        try (EventStream events = EventStream.open(demo.node(0), "gateway=" + gHash)) {
            Bytes txid = demo.chains().litecoin().pay(demo.gateway().getAddress(), AMOUNT);
            progress.note("paid 2.5 LTC in " + txid.reversed().toHex());
            paid = countConfirmations(demo, events, progress, txid);
        }
        if (demo.options().killOne()) {
            demo.nodes().get(VICTIM).kill();
            progress.note("node " + (VICTIM + 1) + " was killed with SIGKILL, the job goes on with three");
        }
        Deposit ready = Waiting.until(
                progress,
                "the signature",
                Demo.PATIENCE,
                () -> Optional.of(demo.node(0).bridge().getDeposit(paid.toString()))
                        .filter(d -> d.getState() == Deposit.StateEnum.READY));
        demo.deposit(ready);
        demo.mintReceipt(CheckFailed.present(ready.getReceipt(), "receipt"));
        everyNodeHasIt(demo, progress, paid, ready);
        checkSignature(demo, progress, paid, ready);
        if (demo.options().killOne()) {
            new Revival(demo, progress, demo.nodes().get(VICTIM)).run();
        }
    }

    private static OutPoint countConfirmations(Demo demo, EventStream events, Progress progress, Bytes txid)
            throws Exception {
        int mined = 0;
        long seen = -1;
        long end = System.nanoTime() + Demo.PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            progress.waiting("the deposit's confirmations");
            Optional<EventStream.Event> event = events.next(500);
            if (event.isPresent() && event.get().name().equals("deposit")) {
                JsonNode deposit = JSON.readTree(event.get().data());
                String outpoint = deposit.path("outpoint").asText();
                long confirmations = deposit.path("confirmations").asLong(-1);
                boolean ours = outpoint.startsWith(txid.reversed().toHex());
                if (ours && confirmations > seen) {
                    seen = confirmations;
                    progress.checked("event: " + outpoint.substring(0, 12) + "... has " + confirmations + " of "
                            + deposit.path("required").asInt() + " confirmations");
                }
                if (ours && seen >= deposit.path("required").asLong(Long.MAX_VALUE)) {
                    return OutPoint.parse(outpoint);
                }
                if (ours && mined == seen && mined < MORE_BLOCKS) {
                    demo.chains().litecoin().mine(1);
                    mined++;
                }
            }
        }
        throw new CheckFailed("no event told of enough confirmations; last: " + seen);
    }

    private static void everyNodeHasIt(Demo demo, Progress progress, OutPoint paid, Deposit ready) throws Exception {
        for (NodeProcess node : demo.nodes()) {
            if (node.isAlive()) {
                Deposit same = Waiting.until(
                        progress,
                        "node " + node.number() + " to have checked the proof",
                        Demo.PATIENCE,
                        () -> Optional.of(node.client().bridge().getDeposit(paid.toString()))
                                .filter(d -> d.getState() == Deposit.StateEnum.READY));
                CheckFailed.unless(
                        CheckFailed.present(same.getSignature(), "signature").equals(ready.getSignature()),
                        "nodes disagree on the signature");
                progress.checked("node " + node.number()
                        + " executed the block that checks the SPV proof against the observed header, height "
                        + same.getAcceptedHeight());
            }
        }
    }

    private static void checkSignature(Demo demo, Progress progress, OutPoint paid, Deposit ready) throws Exception {
        Bytes nonce = Bytes.hex(demo.gateway().getNonce());
        Bytes nHash = TransferHashes.depositHash(nonce, paid.txid(), paid.index());
        CheckFailed.unless(
                nHash.equals(Bytes.hex(CheckFailed.present(ready.getnHash(), "nHash"))), "nHash is not the deposit's");
        long minted = AMOUNT - demo.asset().mintFee(AMOUNT);
        CheckFailed.unless(Long.toString(minted).equals(ready.getMinted()), "the fee is not the one that was quoted");
        progress.checked("nHash " + nHash.to0x() + "; " + ready.getAmount() + " paid, fee " + ready.getFee() + ", "
                + minted + " to be minted");
        Mint mint = new Mint(
                TransferHashes.payloadHash(Bytes.EMPTY),
                BigInteger.valueOf(minted),
                demo.chains().user().address(),
                nHash);
        Bytes digest = new GatewayDomain(demo.asset().evmChainId(), demo.asset().gatewayContract()).mintDigest(mint);
        CheckFailed.unless(
                digest.equals(Bytes.hex(CheckFailed.present(ready.getDigest(), "digest"))),
                "the digest is not the contract's");
        Signature signature =
                Signature.decodeEthereum(Bytes.hex(CheckFailed.present(ready.getSignature(), "signature")));
        Point signer = Ecdsa.recover(digest, signature)
                .orElseThrow(() -> new CheckFailed("no key recovers from the signature"));
        Shard shard = KeysStep.shard(demo, 0, true).orElseThrow(() -> new CheckFailed("the shard is gone"));
        CheckFailed.unless(
                EthereumAddress.checksum(EthereumAddress.of(signer)).equalsIgnoreCase(shard.getAddress()),
                "the signature is not the shard's");
        progress.checked("presignature " + ready.getPresignature()
                + " used; the recovered signer is the shard's address " + shard.getAddress());
    }
}
