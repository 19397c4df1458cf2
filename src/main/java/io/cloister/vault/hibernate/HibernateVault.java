package io.cloister.vault.hibernate;

import io.cloister.vault.VaultException;
import io.cloister.vault.store.Vault;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;

/** Connects a persistence unit with the vault, once the vault is open. */
public final class HibernateVault {
    private HibernateVault() {}

    /**
     * From now on entities of this unit can be read and written.
     *
     * @throws VaultException when the unit was made without {@link VaultIntegrator}, or an entity and the declaration
     *     of its table differ
     */
    public static void attach(EntityManagerFactory factory, Vault vault) {
        SessionFactoryImplementor sessions = factory.unwrap(SessionFactoryImplementor.class);
        listener(sessions).attach(vault, sessions);
    }

    /** From now on every access to an entity of this unit is refused. */
    public static void detach(EntityManagerFactory factory) {
        listener(factory.unwrap(SessionFactoryImplementor.class)).detach();
    }

    private static VaultListener listener(SessionFactoryImplementor factory) {
        EventListenerRegistry listeners = factory.getServiceRegistry().requireService(EventListenerRegistry.class);
        for (Object listener :
                listeners.getEventListenerGroup(EventType.PRE_LOAD).listeners()) {
            if (listener instanceof VaultListener ours) {
                return ours;
            }
        }
        throw new VaultException(
                "the persistence unit lacks hibernate.integrator_provider = " + VaultIntegrator.class.getName());
    }
}
