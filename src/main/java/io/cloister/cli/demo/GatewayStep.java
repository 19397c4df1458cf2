package io.cloister.cli.demo;

import io.cloister.bridge.Asset;
import io.cloister.client.model.Gateway;
import io.cloister.client.model.GatewayRequest;
import io.cloister.codec.Bytes;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Point;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.Guardians;
import java.time.Duration;

/** A gateway through the public interface, rebuilt here from its parts. */
final class GatewayStep implements Step {
    @Override
    public String title() {
        return "a gateway through the generated client";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        Asset asset = demo.asset();
        Bytes recipient = demo.chains().user().address();
        GatewayRequest request = new GatewayRequest()
                .asset(asset.symbol())
                .from(asset.chain())
                .to(asset.evmChain())
                .recipient(EthereumAddress.checksum(recipient));
        progress.waiting("the gateway to be ordered");
        Gateway gateway = demo.node(0).bridge().createGateway(request, null);
        demo.gateway(gateway);
        Bytes nonce = Bytes.hex(gateway.getNonce());
        Bytes gHash = TransferHashes.gatewayHash(
                TransferHashes.payloadHash(Bytes.EMPTY),
                TransferHashes.selectorHash(asset.symbol(), ChainProfiles.named(asset.evmChain())),
                recipient,
                nonce);
        CheckFailed.unless(gHash.equals(Bytes.hex(gateway.getgHash())), "gHash is not the hash of the request");
        progress.checked("gHash " + gHash.to0x() + " covers recipient, asset and nonce");
        BitcoinProfile profile = (BitcoinProfile) ChainProfiles.named(asset.chain());
        Guardians guardians = new Guardians(
                asset.guardianThreshold(),
                asset.guardians().stream().map(Point::decode).toList());
        GatewayScript script = GatewayScript.of(
                profile,
                gHash,
                Point.decode(Bytes.hex(CheckFailed.present(gateway.getShardKey(), "shard key"))),
                guardians);
        CheckFailed.unless(
                script.script().equals(Bytes.hex(gateway.getScript()))
                        && script.address(profile).equals(gateway.getAddress()),
                "the address is not of the script with the guardians' branch");
        progress.checked("deposit address " + gateway.getAddress() + " (P2WSH; " + asset.guardianThreshold() + " of "
                + asset.guardians().size() + " guardians after "
                + Duration.ofSeconds(gateway.getGuardians().getAfterSeconds()).toDays() + " days)");
        Gateway again = demo.node(1).bridge().createGateway(request.nonce(gateway.getNonce()), null);
        CheckFailed.unless(again.getAddress().equals(gateway.getAddress()), "the same request has another gateway");
        progress.checked("another node answers the same request with the same gateway; expires " + gateway.getExpiry());
    }
}
