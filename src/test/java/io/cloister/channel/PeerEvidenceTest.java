package io.cloister.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeerEvidenceTest {
    private static final Leaf LEAF = Leaf.restNonce(Bytes.zeros(32), Bytes.zeros(32));

    private final PeerEvidence seen = new PeerEvidence(
            (evidence, leaf) -> new Verdict(evidence.keys().bootCounter() != 13, Grade.B, List.of(), new TreeMap<>()));

    private static Evidence evidence(int node, long boot) {
        Bytes key = Bytes.zeros(33);
        Bytes id = Bytes.concat(Bytes.zeros(29), new Writer().u32(node).toBytes());
        Collateral none = new Collateral(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY);
        BootKeySet keys = new BootKeySet("c", id, boot, Bytes.zeros(32), key, key, Bytes.zeros(32), key);
        return new Evidence(
                new SnpEvidence(Bytes.EMPTY, none), keys, LEAF, MerkleTree.path(List.of(LEAF.content()), 0));
    }

    @Test
    void keepsTheLastAcceptedEvidenceOfEachPeer() {
        seen.verify(evidence(1, 1), LEAF);
        seen.verify(evidence(2, 1), LEAF);
        seen.verify(evidence(1, 2), LEAF);
        assertThat(seen.verify(evidence(2, 13), LEAF).accepted()).isFalse();
        assertThat(seen.all()).containsExactlyInAnyOrder(evidence(1, 2), evidence(2, 1));
    }

    @Test
    void forgetsTheOneJudgedLongestAgoWhenThereAreTooMany() {
        for (int node = 0; node <= PeerEvidence.MAX_PEERS; node++) {
            seen.verify(evidence(node, 1), LEAF);
        }
        assertThat(seen.all()).hasSize(PeerEvidence.MAX_PEERS).doesNotContain(evidence(0, 1));
    }
}
