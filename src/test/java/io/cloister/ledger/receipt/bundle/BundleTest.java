package io.cloister.ledger.receipt.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.SignatureCheck;
import io.cloister.ledger.membership.BundledChain;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static final BundledChain CHAIN = new BundledChain();

    private static List<Finding> check(Bundle bundle) {
        return BundleCheck.check(bundle, bundle.start().anchor(), PlainSecp256k1::isRecoverable);
    }

    @Test
    void provesEveryReceiptFromEveryAnchorOlderOrNewer() {
        for (int height = 1; height <= BundledChain.HEIGHTS; height++) {
            for (int from = 1; from <= BundledChain.HEIGHTS; from++) {
                Bundle bundle = CHAIN.bundle(height, from);
                List<Finding> findings =
                        BundleCheck.check(bundle, bundle.start().anchor(), SignatureCheck.SECP256K1);
                assertThat(findings).as(height + " from " + from).allMatch(Finding::holds);
                assertThat(findings)
                        .extracting(Finding::name)
                        .containsExactly("receipt", "anchor", "links", "validators", "certificate", "attestation");
            }
        }
    }

    @Test
    void linksAreTheChangesOnTheWay() {
        assertThat(CHAIN.bundle(1, BundledChain.HEIGHTS).links()).isEmpty();
        assertThat(CHAIN.bundle(1, 1).links()).hasSize(5);
        assertThat(CHAIN.bundle(1, 1).links())
                .filteredOn(it -> it.opening().isPresent())
                .hasSize(2);
        assertThat(CHAIN.bundle(1, 1).links())
                .filteredOn(it -> !it.header().keys().isEmpty())
                .hasSize(1);
    }

    @Test
    void namesTheEvidenceThatIsOnRecordForTheKeysThatSigned() {
        int last = BundledChain.HEIGHTS;
        assertThat(check(CHAIN.bundle(last, last)).getLast().detail()).contains("2=", "4=");
        assertThat(check(CHAIN.bundle(1, last)).getLast().detail()).endsWith("{}");
    }

    @Test
    void allThreeFormsCarryTheSame() {
        Bundle bundle = CHAIN.bundle(3, 1);
        assertThat(Bundle.ofJson(bundle.json()).cbor()).isEqualTo(bundle.cbor());
        assertThat(Bundle.ofCbor(bundle.cbor()).json()).isEqualTo(bundle.json());
        assertThat(Bundle.ofCose(bundle.cose()).cbor()).isEqualTo(bundle.cbor());
        assertThat(check(Bundle.ofCose(bundle.cose()))).allMatch(Finding::holds);
    }

    @Test
    void thereIsOneCborAndOneCoseForABundle() {
        Bundle bundle = CHAIN.bundle(3, 1);
        for (Bytes bytes : List.of(bundle.cbor(), bundle.cose())) {
            assertThatThrownBy(() -> Bundle.ofCbor(Bytes.concat(bytes, Bytes.zeros(1))))
                    .isInstanceOf(CodecException.class);
            assertThatThrownBy(() -> Bundle.ofCose(Bytes.concat(bytes, Bytes.zeros(1))))
                    .isInstanceOf(CodecException.class);
            assertThatThrownBy(() -> Bundle.ofCbor(bytes.slice(0, bytes.length() - 1)))
                    .isInstanceOf(CodecException.class);
        }
    }

    @Test
    void keptBundlesAreReadWrittenAndAcceptedAsEver() {
        List<BundleCase> kept = GoldenBundles.cases();
        assertThat(kept).hasSize(3);
        for (BundleCase it : kept) {
            Bundle bundle = Bundle.ofJson(it.json());
            assertThat(bundle.cbor()).isEqualTo(GoldenBundles.read(it.name() + ".cbor"));
            assertThat(bundle.cose()).isEqualTo(GoldenBundles.read(it.name() + ".cose"));
            assertThat(bundle.abi()).isEqualTo(GoldenBundles.abi(it));
            assertThat(BundleCheck.check(bundle, it.anchor(), PlainSecp256k1::isRecoverable))
                    .as(it.name())
                    .hasSize(6)
                    .allMatch(Finding::holds);
        }
    }

    @Test
    void eachKindOfLieIsFoundWhereItStands() {
        for (BundleCase bad : BundleCase.all(CHAIN)) {
            List<Finding> findings =
                    BundleCheck.check(Bundle.ofJson(bad.json()), bad.anchor(), PlainSecp256k1::isRecoverable);
            Optional<String> first = findings.stream()
                    .filter(it -> !it.holds())
                    .map(Finding::name)
                    .findFirst();
            assertThat(first.orElse("")).as(bad.name() + " " + findings).isEqualTo(bad.fails());
        }
    }

    /** With signatures that all pass, so that what stands behind them is reached. */
    @Test
    void noBytesDoMoreThanBeRefused() {
        Random random = new Random(1);
        List<Bundle> bundles = List.of(CHAIN.bundle(13, 1), CHAIN.bundle(1, BundledChain.HEIGHTS));
        for (int i = 0; i < 3_000; i++) {
            Bundle bundle = bundles.get(i % 2);
            byte[] form =
                    (i % 3 == 0 ? bundle.cbor() : i % 3 == 1 ? bundle.cose() : Bytes.utf8(bundle.json())).toArray();
            int at = i % 5 == 0 ? random.nextInt(64) : random.nextInt(form.length);
            form[at] = i % 3 == 2
                    ? (byte) "0123456789abcdef{}[]\",:x ".charAt(random.nextInt(25))
                    : (byte) random.nextInt();
            try {
                BundleCheck.check(
                        Bundle.ofBytes(Bytes.wrap(form)), bundle.start().anchor(), (key, digest, signature) -> true);
            } catch (CodecException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThatThrownBy(() -> Bundle.ofJson("[".repeat(100_000))).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Bundle.ofCbor(Bytes.wrap(new byte[] {(byte) 0x9b, 0x7f, 0, 0, 0, 0, 0, 0, 0})))
                .isInstanceOf(CodecException.class);
    }
}
