package io.cloister.mpc.dealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.Committee;
import io.cloister.mpc.Fault;
import io.cloister.mpc.dealing.Complaint.Verdict;
import io.cloister.mpc.dealing.DealingVerifier.Checked;
import io.cloister.mpc.sharing.Lagrange;
import io.cloister.mpc.sharing.Share;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DealingTest {
    private final List<ShareKey> keys = new ArrayList<>();

    private DealingContext context(int size, InstanceKind kind, int width) {
        List<DealingContext.Receiver> receivers = new ArrayList<>();
        for (int slot = 1; slot <= size; slot++) {
            if (keys.size() < slot) {
                keys.add(ShareKey.generate());
            }
            receivers.add(new DealingContext.Receiver(slot, keys.get(slot - 1).id()));
        }
        return new DealingContext("chain", 3, kind, "label", 17, width, receivers);
    }

    private static Checked check(DealingContext context, int dealer, Dealing dealing, Basis basis) {
        return new DealingVerifier(context).check(dealer, dealing.id(), dealing.wholePacket(), basis);
    }

    private Optional<List<Share>> open(DealingContext context, Dealing dealing, int slot) {
        return new DealingVerifier(context)
                .open(dealing.publicPart(), slot, dealing.ciphertexts().get(slot - 1), keys.get(slot - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 10})
    void everyReceiverOpensItsSharesAndTheyFitOnePolynomial(int size) {
        DealingContext context = context(size, InstanceKind.PRESIGN_RANDOM, 2);
        Dealing dealing = new Dealer(context, 2).random();
        assertThat(check(context, 2, dealing, new Basis.Nothing())).isInstanceOf(Checked.Good.class);
        Map<Integer, Point> constants = new HashMap<>();
        for (int slot = 1; slot <= size; slot++) {
            List<Share> shares = open(context, dealing, slot).orElseThrow();
            constants.put(slot, shares.getFirst().commit());
            Share.closeAll(shares);
        }
        assertThat(Lagrange.interpolatePoints(constants))
                .isEqualTo(dealing.publicPart().commitments().getFirst().constant());
    }

    @ParameterizedTest
    @EnumSource(InstanceKind.class)
    void hasOneEncodingWhoseLengthTheInstanceKnows(InstanceKind kind) {
        DealingContext context = context(4, kind, 3);
        Dealing dealing = made(context, kind);
        Bytes encoded = dealing.publicPart().encode();
        assertThat(encoded.length()).isEqualTo(PublicDealing.encodedLength(context));
        assertThat(PublicDealing.decode(encoded, context)).isEqualTo(dealing.publicPart());
        assertThat(Dealing.decode(dealing.encode(), context)).isEqualTo(dealing);
        Writer writer = new Writer();
        dealing.packetFor(3).encode(writer);
        assertThat(ReceiverPacket.decode(new Reader(writer.toBytes()), 1)).isEqualTo(dealing.packetFor(3));
    }

    private Dealing made(DealingContext context, InstanceKind kind) {
        return switch (kind) {
            case KEY_RANDOM, PRESIGN_RANDOM -> new Dealer(context, 1).random();
            case KEY_UNMASK -> {
                try (SecretScalar x = SecretScalar.random();
                        SecretScalar m = SecretScalar.random();
                        Share share = Share.masked(x.copy(), m.copy())) {
                    DealingContext single = new DealingContext(
                            context.chainId(), context.epoch(), kind, "label", 17, 1, context.receivers());
                    Dealing one = new Dealer(single, 1).unmask(share, share.commit());
                    yield tripled(one);
                }
            }
            case PRESIGN_PRODUCT -> {
                try (SecretScalar u = SecretScalar.random();
                        Share y = Share.masked(SecretScalar.random(), SecretScalar.random())) {
                    List<Dealer.Factors> factors = new ArrayList<>();
                    for (int k = 0; k < 6; k++) {
                        factors.add(new Dealer.Factors(u, y, Point.base(u), y.commit()));
                    }
                    yield new Dealer(context, 1).products(factors);
                }
            }
        };
    }

    /** The same sharing three times, to have the width of the other cases. */
    private static Dealing tripled(Dealing one) {
        PublicDealing p = one.publicPart();
        return new Dealing(
                new PublicDealing(
                        p.dealer(),
                        p.ephemeral(),
                        p.possession(),
                        Collections.nCopies(3, p.commitments().getFirst()),
                        Collections.nCopies(3, p.proofs().getFirst())),
                one.ciphertexts());
    }

    @Test
    void refusesADealingOfAnotherChainEpochInstanceDealerOrCommittee() {
        DealingContext context = context(4, InstanceKind.KEY_RANDOM, 1);
        Dealing dealing = new Dealer(context, 1).random();
        List<DealingContext.Receiver> others = new ArrayList<>(context.receivers());
        others.set(3, new DealingContext.Receiver(4, ShareKey.generate().id()));
        for (DealingContext foreign : List.of(
                new DealingContext("chaim", 3, InstanceKind.KEY_RANDOM, "label", 17, 1, context.receivers()),
                new DealingContext("chain", 4, InstanceKind.KEY_RANDOM, "label", 17, 1, context.receivers()),
                new DealingContext("chain", 3, InstanceKind.KEY_RANDOM, "lable", 17, 1, context.receivers()),
                new DealingContext("chain", 3, InstanceKind.KEY_RANDOM, "label", 18, 1, context.receivers()),
                new DealingContext("chain", 3, InstanceKind.KEY_RANDOM, "label", 17, 1, others))) {
            assertThat(check(foreign, 1, dealing, new Basis.Nothing()))
                    .isEqualTo(new Checked.Bad(Fault.BAD_POSSESSION));
        }
        assertThat(check(context, 2, dealing, new Basis.Nothing())).isEqualTo(new Checked.Bad(Fault.NOT_A_DEALER));
    }

    @Test
    void bindsLabelsAndNumbersWithoutAmbiguity() {
        DealingContext context = context(4, InstanceKind.KEY_RANDOM, 1);
        DealingContext shifted =
                new DealingContext("chai", 3, InstanceKind.KEY_RANDOM, "nlabel", 17, 1, context.receivers());
        assertThat(shifted.instanceDigest()).isNotEqualTo(context.instanceDigest());
        assertThat(context.digest(1)).isNotEqualTo(context.digest(2));
        assertThat(context.supportDigest(1, Bytes.zeros(32))).isNotEqualTo(context.supportDigest(2, Bytes.zeros(32)));
    }

    @Test
    void refusesMoreOrFewerCoefficientsThanTPlusOne() {
        DealingContext context = context(4, InstanceKind.KEY_RANDOM, 1);
        Dealing dealing = new Dealer(context, 1).random();
        for (int more : new int[] {1, -1}) {
            Dealing other = EvilDealings.otherDegree(dealing, more);
            assertThat(check(context, 1, other, new Basis.Nothing())).isEqualTo(new Checked.Bad(Fault.MALFORMED));
        }
    }

    @Test
    void refusesInfinityPointsOffTheCurveAndTrailingBytes() {
        DealingContext context = context(4, InstanceKind.KEY_RANDOM, 1);
        Bytes good = new Dealer(context, 1).random().publicPart().encode();
        int firstPoint = 2 + 33 + 64 + 2;
        for (String point : List.of("00".repeat(33), "05" + "11".repeat(32), "02" + "ff".repeat(32))) {
            Bytes bad = Bytes.concat(
                    good.slice(0, firstPoint),
                    Bytes.hex(point),
                    good.slice(firstPoint + 33, good.length() - firstPoint - 33));
            assertThatThrownBy(() -> PublicDealing.decode(bad, context)).isInstanceOf(CodecException.class);
        }
        for (Bytes bad : List.of(Bytes.concat(good, Bytes.zeros(1)), good.slice(0, good.length() - 1))) {
            assertThatThrownBy(() -> PublicDealing.decode(bad, context)).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void refusesPartsThatAreNotTheDealings() {
        DealingContext context = context(4, InstanceKind.KEY_RANDOM, 1);
        Dealing dealing = new Dealer(context, 1).random();
        Dealing other = new Dealer(context, 1).random();
        DealingVerifier verifier = new DealingVerifier(context);
        ReceiverPacket mixed = new ReceiverPacket(
                dealing.packetFor(2).publicPart(),
                dealing.packetFor(2).publicPath(),
                other.packetFor(2).sealed());
        assertThat(verifier.check(1, dealing.id(), mixed, new Basis.Nothing()))
                .isEqualTo(new Checked.Bad(Fault.BAD_PATH));
        assertThat(verifier.check(1, other.id(), dealing.packetFor(2), new Basis.Nothing()))
                .isEqualTo(new Checked.Bad(Fault.BAD_PATH));
        ReceiverPacket.Sealed two = dealing.packetFor(2).sealed().getFirst();
        ReceiverPacket moved = new ReceiverPacket(
                dealing.packetFor(2).publicPart(),
                dealing.packetFor(2).publicPath(),
                List.of(new ReceiverPacket.Sealed(3, two.ciphertext(), two.path())));
        assertThat(verifier.check(1, dealing.id(), moved, new Basis.Nothing()))
                .isEqualTo(new Checked.Bad(Fault.BAD_PATH));
    }

    @Test
    void complaintsStandForWrongSharesAndFailForGoodOnes() {
        DealingContext context = context(4, InstanceKind.PRESIGN_RANDOM, 3);
        Dealing good = new Dealer(context, 1).random();
        for (Dealing bad : List.of(
                EvilDealings.wrongShares(good, Set.of(3)),
                EvilDealings.swappedCiphertexts(good, 3, 4),
                EvilDealings.nonCanonicalShare(good, context, keys.get(2), 3))) {
            assertThat(open(context, bad, 3)).isEmpty();
            assertThat(open(context, bad, 2)).isPresent();
            Complaint complaint = Complaint.make(context, bad.publicPart(), bad.packetFor(3), 3, keys.get(2));
            assertThat(complaint.judge(context, bad.id())).isEqualTo(Verdict.STANDS);
            Writer writer = new Writer();
            complaint.encode(writer);
            assertThat(Complaint.decode(new Reader(writer.toBytes()))).isEqualTo(complaint);
        }
        Complaint untrue = Complaint.make(context, good.publicPart(), good.packetFor(3), 3, keys.get(2));
        assertThat(untrue.judge(context, good.id())).isEqualTo(Verdict.FALSE);
    }

    @Test
    void complaintsProveNothingWithAnotherKeyDealingOrContext() {
        DealingContext context = context(4, InstanceKind.KEY_RANDOM, 1);
        Dealing bad = EvilDealings.wrongShares(new Dealer(context, 1).random(), Set.of(3));
        Complaint complaint = Complaint.make(context, bad.publicPart(), bad.packetFor(3), 3, keys.get(2));
        Complaint otherKey = Complaint.make(context, bad.publicPart(), bad.packetFor(3), 3, ShareKey.generate());
        assertThat(otherKey.judge(context, bad.id())).isEqualTo(Verdict.INVALID);
        Complaint forged =
                new Complaint(17, 1, 3, bad.packetFor(3), complaint.shared().add(Point.G), complaint.proof());
        assertThat(forged.judge(context, bad.id())).isEqualTo(Verdict.INVALID);
        assertThat(complaint.judge(context, Bytes.zeros(32))).isEqualTo(Verdict.INVALID);
        DealingContext elsewhere =
                new DealingContext("chain", 4, InstanceKind.KEY_RANDOM, "label", 17, 1, context.receivers());
        assertThat(complaint.judge(elsewhere, bad.id())).isEqualTo(Verdict.INVALID);
        Complaint asAnother = new Complaint(17, 1, 2, bad.packetFor(2), complaint.shared(), complaint.proof());
        assertThat(asAnother.judge(context, bad.id())).isEqualTo(Verdict.INVALID);
    }

    @Test
    void sumsRandomDealingsAndInterpolatesTheirSharesToTheSameValue() {
        DealingContext context = context(7, InstanceKind.KEY_RANDOM, 1);
        SortedMap<Integer, Bytes> ids = new TreeMap<>();
        SortedMap<Integer, PublicDealing> parts = new TreeMap<>();
        Map<Integer, Dealing> dealings = new HashMap<>();
        for (int dealer : List.of(2, 5, 7)) {
            Dealing dealing = new Dealer(context, dealer).random();
            dealings.put(dealer, dealing);
            ids.put(dealer, dealing.id());
            parts.put(dealer, dealing.publicPart());
        }
        Transcript transcript = Transcript.combine(context, ids, parts);
        assertThat(Transcript.combine(context, ids, parts)).isEqualTo(transcript);
        for (int slot = 1; slot <= 7; slot++) {
            SortedMap<Integer, List<Share>> shares = new TreeMap<>();
            for (int dealer : ids.keySet()) {
                shares.put(dealer, open(context, dealings.get(dealer), slot).orElseThrow());
            }
            List<Share> own = Transcript.combineShares(InstanceKind.KEY_RANDOM, shares);
            assertThat(own.getFirst().commit())
                    .isEqualTo(transcript.commitments().getFirst().at(slot));
        }
        SortedMap<Integer, Bytes> otherIds = new TreeMap<>(ids);
        otherIds.put(7, Bytes.zeros(32));
        assertThat(Transcript.combine(context, otherIds, parts).hash()).isNotEqualTo(transcript.hash());
    }

    @Test
    void recoversAShareFromTPlusOneOpenings() {
        DealingContext context = context(7, InstanceKind.KEY_RANDOM, 1);
        Dealing dealing = new Dealer(context, 1).random();
        SortedMap<Integer, List<Share>> openings = new TreeMap<>();
        for (int slot : List.of(2, 4, 7)) {
            openings.put(slot, open(context, dealing, slot).orElseThrow());
        }
        List<Share> recovered = ShareRecovery.at(5, openings);
        assertThat(recovered.getFirst().commit())
                .isEqualTo(dealing.publicPart().commitments().getFirst().at(5));
    }

    @Test
    void namesEveryFaultOnceByItsCode() {
        for (Fault fault : Fault.values()) {
            assertThat(Fault.of(fault.code())).isEqualTo(fault);
        }
        assertThat(Committee.thresholdOf(4)).isEqualTo(1);
        assertThat(Committee.thresholdOf(6)).isEqualTo(1);
        assertThat(Committee.thresholdOf(7)).isEqualTo(2);
        assertThat(Committee.thresholdOf(100)).isEqualTo(33);
    }
}
