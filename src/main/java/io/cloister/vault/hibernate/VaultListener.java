package io.cloister.vault.hibernate;

import io.cloister.codec.Bytes;
import io.cloister.vault.Row;
import io.cloister.vault.TableSpec;
import io.cloister.vault.VaultException;
import io.cloister.vault.store.RowCodec;
import io.cloister.vault.store.Vault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.event.spi.EventSource;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.event.spi.PreDeleteEvent;
import org.hibernate.event.spi.PreDeleteEventListener;
import org.hibernate.event.spi.PreInsertEvent;
import org.hibernate.event.spi.PreInsertEventListener;
import org.hibernate.event.spi.PreLoadEvent;
import org.hibernate.event.spi.PreLoadEventListener;
import org.hibernate.event.spi.PreUpdateEvent;
import org.hibernate.event.spi.PreUpdateEventListener;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Seals the state array on its way to the database and opens it on its way to the entity. Hibernate keeps the same
 * array as its picture of the loaded entity, so plaintext is put back into it once a statement has run; otherwise every
 * flush would find the entity changed.
 */
final class VaultListener
        implements PreLoadEventListener,
                PreInsertEventListener,
                PostInsertEventListener,
                PreUpdateEventListener,
                PostUpdateEventListener,
                PreDeleteEventListener {
    private static final long serialVersionUID = 1L;

    /** A vault with the layout of every mapped entity. */
    private record Attached(Vault vault, Map<String, EntityLayout> layouts) {}

    private final transient Map<SharedSessionContractImplementor, PendingRows> pending = new ConcurrentHashMap<>();
    private transient volatile Optional<Attached> attached = Optional.empty();

    void attach(Vault vault, SessionFactoryImplementor factory) {
        Map<String, EntityLayout> layouts = new ConcurrentHashMap<>();
        factory.getMappingMetamodel().forEachEntityDescriptor(persister -> {
            TableSpec table = vault.declared(EntityLayout.tableName(persister));
            layouts.put(persister.getEntityName(), EntityLayout.of(persister, table));
        });
        attached = Optional.of(new Attached(vault, layouts));
    }

    void detach() {
        attached = Optional.empty();
    }

    @Override
    public void onPreLoad(PreLoadEvent event) {
        EntityLayout layout = layout(event.getPersister());
        RowCodec codec = vault().rows(layout.table());
        List<Object> fetched = layout.stored(event.getId(), event.getState());
        layout.putSealed(event.getState(), codec.openArrays(codec.stored(fetched)));
    }

    @Override
    public boolean onPreInsert(PreInsertEvent event) {
        seal(event.getSession(), event.getPersister(), event.getEntity(), event.getId(), event.getState());
        return false;
    }

    @Override
    public void onPostInsert(PostInsertEvent event) {
        restore(event.getSession(), event.getPersister(), event.getEntity(), event.getState());
    }

    @Override
    public boolean onPreUpdate(PreUpdateEvent event) {
        Object[] old = Optional.ofNullable(event.getOldState())
                .orElseThrow(
                        () -> new VaultException("read " + event.getPersister().getEntityName() + " before updating"));
        forget(event.getSession(), event.getPersister(), event.getId(), old);
        seal(event.getSession(), event.getPersister(), event.getEntity(), event.getId(), event.getState());
        return false;
    }

    @Override
    public void onPostUpdate(PostUpdateEvent event) {
        restore(event.getSession(), event.getPersister(), event.getEntity(), event.getState());
    }

    @Override
    public boolean onPreDelete(PreDeleteEvent event) {
        forget(event.getSession(), event.getPersister(), event.getId(), event.getDeletedState());
        return false;
    }

    @Override
    public boolean requiresPostCommitHandling(EntityPersister persister) {
        return false;
    }

    private void seal(EventSource session, EntityPersister persister, Object entity, Object id, Object[] state) {
        EntityLayout layout = layout(persister);
        RowCodec codec = vault().rows(layout.table());
        List<Object> plain = layout.declared(id, state);
        RowCodec.Stored stored = codec.seal(plain, layout.version(state));
        layout.putSealed(state, stored.values());
        layout.putTag(state, stored.keyEpoch(), stored.tag());
        PendingRows rows = pending(session);
        rows.plain(entity, plain);
        rows.digest(layout.table()).add(stored.row(), codec.element(stored));
    }

    private void restore(EventSource session, EntityPersister persister, Object entity, Object[] state) {
        EntityLayout layout = layout(persister);
        layout.putSealed(state, pending(session).takePlain(entity));
        layout.copyTag(persister, entity, state);
    }

    private void forget(EventSource session, EntityPersister persister, Object id, Object[] old) {
        EntityLayout layout = layout(persister);
        Row row = new Row(layout.table().name(), layout.key(id), layout.version(old));
        Bytes element = vault().rows(layout.table()).element(row, layout.tag(old));
        pending(session).digest(layout.table()).remove(row, element);
    }

    /** What a session has written since its last transaction; goes to the registry right before the commit. */
    private PendingRows pending(EventSource session) {
        return pending.computeIfAbsent(session, it -> {
            session.getActionQueue().registerProcess(inner -> {
                Optional<PendingRows> rows = Optional.ofNullable(pending.remove(session));
                rows.ifPresent(all -> inner.doWork(connection -> vault().register(connection, all.digests())));
            });
            session.getActionQueue().registerProcess((success, inner) -> pending.remove(session));
            return new PendingRows();
        });
    }

    private EntityLayout layout(EntityPersister persister) {
        return Optional.ofNullable(attached().layouts().get(persister.getEntityName()))
                .orElseThrow(() -> new VaultException(persister.getEntityName() + " is not a protected entity"));
    }

    private Vault vault() {
        return attached().vault();
    }

    private Attached attached() {
        return attached.orElseThrow(() -> new VaultException("no vault is attached to this persistence unit"));
    }
}
