package io.cloister.channel.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.channel.handshake.BootFence.Standing;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import org.junit.jupiter.api.Test;

class BootFenceTest {
    private final BootFence fence = new BootFence();
    private final Peers.Node node = Peers.RESPONDER;

    @Test
    void takesRisingBootsAndRefusesOlderOnes() {
        assertThat(fence.admit(node.atBoot(3).keys())).isEqualTo(Standing.CURRENT);
        assertThat(fence.admit(node.atBoot(3).keys())).isEqualTo(Standing.CURRENT);
        assertThat(fence.admit(node.atBoot(4).keys())).isEqualTo(Standing.CURRENT);
        assertThat(fence.admit(node.atBoot(3).keys())).isEqualTo(Standing.STALE);
        assertThat(fence.newest(node.id())).isEqualTo(4);
    }

    @Test
    void tellsACopyByItsOtherKeys() {
        fence.admit(node.keys());
        Peers.Node copy = new Peers.Node(node.slot(), Hashes.sha256(Bytes.utf8("copy")), 1, Peers.CHAIN);

        assertThat(fence.standing(copy.keys())).isEqualTo(Standing.CLONED);
        assertThat(fence.admit(copy.keys())).isEqualTo(Standing.CLONED);
        assertThat(fence.standing(node.keys())).isEqualTo(Standing.CURRENT);
    }

    @Test
    void takesARotatedHpkeKeyForTheSameBoot() {
        BootKeySet keys = node.keys();
        fence.admit(keys);
        BootKeySet rotated = new BootKeySet(
                keys.chainId(),
                keys.nodeId(),
                keys.bootCounter(),
                keys.tlsSpki(),
                keys.voteKey33(),
                keys.shareKey33(),
                Hashes.sha256(Bytes.utf8("rotated")),
                keys.resultKey33());

        assertThat(fence.admit(rotated)).isEqualTo(Standing.CURRENT);
        assertThat(fence.admit(keys)).isEqualTo(Standing.CURRENT);
    }

    @Test
    void askingChangesNothing() {
        fence.standing(node.atBoot(9).keys());

        assertThat(fence.newest(node.id())).isZero();
        assertThat(fence.admit(node.atBoot(1).keys())).isEqualTo(Standing.CURRENT);
    }

    @Test
    void nodesDoNotFenceEachOther() {
        fence.admit(Peers.INITIATOR.atBoot(9).keys());

        assertThat(fence.admit(node.atBoot(1).keys())).isEqualTo(Standing.CURRENT);
    }
}
