package io.cloister.vault.hibernate;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.util.function.Function;

/** Transactions of the container. */
final class JtaTransactions implements Transactions {
    private final EntityManagerFactory factory;
    private final UserTransaction transaction;

    JtaTransactions(EntityManagerFactory factory, UserTransaction transaction) {
        this.factory = factory;
        this.transaction = transaction;
    }

    @Override
    public <T> T run(Function<EntityManager, T> work) {
        try {
            if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
                throw new IllegalStateException("must not be called inside a transaction");
            }
            transaction.begin();
            boolean committed = false;
            try (EntityManager manager = factory.createEntityManager()) {
                manager.joinTransaction();
                T result = work.apply(manager);
                transaction.commit();
                committed = true;
                return result;
            } finally {
                if (!committed && transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
                    transaction.rollback();
                }
            }
        } catch (PersistenceException
                | SystemException
                | NotSupportedException
                | RollbackException
                | HeuristicMixedException
                | HeuristicRollbackException e) {
            throw VaultFailures.translate(e);
        }
    }
}
