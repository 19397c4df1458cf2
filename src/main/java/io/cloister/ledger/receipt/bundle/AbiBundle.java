package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The ABI form, which the contract {@code CloisterReceipts} takes: each set of validators once, and beside each signature
 * the y coordinate of the key that made it, zero where there is no such key.
 */
final class AbiBundle {
    private final List<ValidatorSet> sets = new ArrayList<>();

    private AbiBundle() {}

    static Bytes write(Bundle bundle) {
        return AbiForm.tuple(new AbiBundle().bundle(bundle)).encoding();
    }

    private AbiForm bundle(Bundle it) {
        AbiForm anchor = place(it.start().validators());
        AbiForm validators = place(it.validators());
        ValidatorSet trusted = it.start().validators();
        List<AbiForm> links = new ArrayList<>();
        for (Link link : it.links()) {
            links.add(link(link, trusted));
            trusted = link.next();
        }
        ValidatorSet last = trusted;
        return AbiForm.tuple(
                AbiForm.bytes(it.receipt().encode()),
                AbiForm.bytes(Parts.blob(it.path()::encode).value()),
                certified(it.header(), it.validators()),
                AbiForm.list(
                        sets.stream().map(set -> AbiForm.bytes(set.encode())).toList()),
                validators,
                AbiForm.number(it.start().height()),
                anchor,
                AbiForm.list(links),
                AbiForm.list(it.standing().stream()
                        .map(standing -> standing(standing, last))
                        .toList()));
    }

    /** The set's place in the list of sets. */
    private AbiForm place(ValidatorSet set) {
        if (!sets.contains(set)) {
            sets.add(set);
        }
        return AbiForm.number(sets.indexOf(set));
    }

    private AbiForm link(Link link, ValidatorSet trusted) {
        List<KeyClaim> claims = link.opening().map(Opening::claims).orElse(List.of());
        ValidatorSet deciding = KeyClaim.replaced(trusted, claims).orElse(trusted);
        List<Statement> statements = link.opening().map(Opening::statements).orElse(List.of());
        Writer opening = new Writer();
        if (!statements.isEmpty()) {
            opening.list(statements, (w, it) -> it.encode(w));
        }
        return AbiForm.tuple(
                certified(link.header(), deciding),
                AbiForm.bytes(opening.toBytes()),
                AbiForm.list(
                        statements.stream().map(it -> statement(it, trusted)).toList()),
                place(link.next()));
    }

    private static AbiForm statement(Statement it, ValidatorSet set) {
        Writer base = new Writer().optional(it.base(), (w, header) -> header.encode(w));
        Writer polka = new Writer().optional(it.polka(), (w, held) -> held.encode(w));
        return AbiForm.tuple(
                AbiForm.number(base.toBytes().length()),
                AbiForm.number(polka.toBytes().length()),
                slotY(set, it.claim()));
    }

    private static AbiForm certified(CertifiedHeader it, ValidatorSet set) {
        Certificate certificate = it.certificate();
        List<KeyClaim> claims = it.keys().stream()
                .sorted(Comparator.comparingInt(KeyClaim::slot))
                .toList();
        boolean later = certificate.epoch() > it.header().epoch();
        ValidatorSet voters = later ? KeyClaim.replaced(set, claims).orElse(set) : set;
        return AbiForm.tuple(
                AbiForm.bytes(it.header().encode()),
                AbiForm.bytes(certificate.encode()),
                AbiForm.bytes(
                        new Writer().list(claims, (w, claim) -> claim.encode(w)).toBytes()),
                AbiForm.list(certificate.signatures().stream()
                        .map(by -> y(voters.bySlot(by.slot()).map(Validator::voteKey)))
                        .toList()),
                AbiForm.list(claims.stream().map(claim -> slotY(set, claim)).toList()));
    }

    private static AbiForm slotY(ValidatorSet set, KeyClaim claim) {
        return y(set.bySlot(claim.slot()).map(Validator::nodeId));
    }

    private static AbiForm y(Optional<Bytes> key) {
        return AbiForm.word(key.flatMap(PlainSecp256k1::y).orElse(Bytes.zeros(1)));
    }

    private static AbiForm standing(Standing it, ValidatorSet last) {
        return AbiForm.tuple(
                certified(it.header(), last),
                AbiForm.bytes(it.history().encode()),
                logged(it.at()),
                AbiForm.list(it.after().stream().map(AbiBundle::logged).toList()),
                AbiForm.list(it.members().stream()
                        .map(member -> AbiForm.bytes(member.encode()))
                        .toList()));
    }

    private static AbiForm logged(LoggedSet it) {
        return AbiForm.tuple(
                AbiForm.bytes(it.entry().encode()),
                AbiForm.bytes(Parts.blob(it.path()::encode).value()));
    }
}
