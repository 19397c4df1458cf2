package io.cloister.node.steps;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.platform.AttestationService;
import io.cloister.attestation.platform.DerivedKeyRequest;
import io.cloister.attestation.platform.Platform;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretBytes;
import io.cloister.ledger.membership.NodeRecord;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.settings.Settings;
import io.cloister.node.steps.SelfVerificationStep.SelfVerdict;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.hibernate.HibernateVault;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.IdentityStore;
import io.cloister.vault.identity.NodeIdentity;
import io.cloister.vault.store.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import jakarta.transaction.UserTransaction;
import javax.sql.DataSource;

/**
 * Unseals the identity under the local seal, counts the boot, and from then on can attest. The local seal comes from the
 * chip for this measurement, launch policy and TCB; what it was derived from is kept, so that after an update of the
 * firmware the old seal can be asked for once more and the keysets be wrapped anew.
 */
@ApplicationScoped
public class IdentityStep implements BootStep {
    @Inject
    @PlainConnections
    private DataSource connections;

    @Inject
    private UserTransaction transaction;

    @PersistenceUnit(unitName = "cloister")
    private EntityManagerFactory entities;

    @Override
    public String name() {
        return BootStage.IDENTITY.name();
    }

    @Override
    public void run(BootContext context) {
        Settings settings = context.get(Settings.class);
        Migrations.identity(connections);
        Vault vault = openVault(context, settings);
        context.closeAtStop("the vault", vault);
        HibernateVault.attach(entities, vault);
        context.closeAtStop("the entities", () -> HibernateVault.detach(entities));
        Transactions transactions = Transactions.jta(entities, transaction);
        NodeIdentity identity = new IdentityStore(vault, transactions).open();
        context.closeAtStop("the identity", identity);
        BootKeys secret = context.get(BootKeys.class);
        BootKeySet keys = secret.publicSet(settings.chainId(), identity);
        AttestationService attester = new AttestationService(
                context.get(Platform.class),
                () -> keys.withHpkeKey(secret.hpkeKey()),
                AttestationService.Settings.DEFAULT);
        context.closeAtStop("the attester", attester);
        context.provide(Vault.class, vault);
        context.provide(Transactions.class, transactions);
        context.provide(NodeIdentity.class, identity);
        context.provide(BootKeySet.class, keys);
        context.provide(Attester.class, attester);
        context.provide(
                NodeRecord.class,
                NodeRecord.sign(
                        identity.slotKey(),
                        settings.chainId(),
                        secret.votes().id(),
                        Point.base(identity.epochKey()).encode(),
                        settings.channel().host(),
                        settings.channel().port()));
    }

    private Vault openVault(BootContext context, Settings settings) {
        Platform platform = context.get(Platform.class);
        AttestationReport report = context.get(SelfVerdict.class).report();
        DerivedKeyRequest now = DerivedKeyRequest.sealing(report);
        SealMetadata sealedUnder = Vault.sealedUnder(connections).orElseGet(() -> metadata(report, now));
        try (SecretBytes seal = LocalSeal.derive(platform, sealedUnder)) {
            return Vault.open(settings.chainId(), NodeSchema.ALL, connections, seal, sealedUnder);
        }
    }

    /** The request stands where the vault keeps what the seal depends on besides measurement and TCB. */
    private static SealMetadata metadata(AttestationReport report, DerivedKeyRequest request) {
        Writer encoded = new Writer();
        request.encode(encoded);
        return new SealMetadata(report.measurement(), encoded.toBytes(), request.tcb());
    }
}
