package io.cloister.vault.hibernate;

import java.util.List;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.jpa.boot.spi.IntegratorProvider;
import org.hibernate.service.spi.SessionFactoryServiceRegistry;

/**
 * Puts the listener into a persistence unit. Named in the unit's properties as
 * {@code hibernate.integrator_provider = io.cloister.vault.hibernate.VaultIntegrator}.
 */
public final class VaultIntegrator implements Integrator, IntegratorProvider {
    @Override
    public List<Integrator> getIntegrators() {
        return List.of(this);
    }

    @Override
    public void integrate(Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
        EventListenerRegistry listeners = factory.getServiceRegistry().requireService(EventListenerRegistry.class);
        VaultListener listener = new VaultListener();
        listeners.appendListeners(EventType.PRE_LOAD, listener);
        listeners.appendListeners(EventType.PRE_INSERT, listener);
        listeners.prependListeners(EventType.POST_INSERT, listener);
        listeners.appendListeners(EventType.PRE_UPDATE, listener);
        listeners.prependListeners(EventType.POST_UPDATE, listener);
        listeners.appendListeners(EventType.PRE_DELETE, listener);
    }

    @Override
    public void disintegrate(SessionFactoryImplementor factory, SessionFactoryServiceRegistry registry) {
        // The listeners go with the factory.
    }
}
