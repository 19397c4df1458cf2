package io.cloister.vault.hibernate;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.transaction.UserTransaction;
import java.util.function.Function;

/** Runs work in a new transaction that is committed when the work returns and rolled back when it throws. */
public interface Transactions {
    /**
     * Runs the work and commits.
     *
     * @throws io.cloister.vault.VaultException when the commit fails
     */
    <T> T run(Function<EntityManager, T> work);

    /** For a RESOURCE_LOCAL unit. */
    static Transactions local(EntityManagerFactory factory) {
        return new LocalTransactions(factory);
    }

    /** For a JTA unit; refuses to run inside a transaction, because the work could not be durable when this returns. */
    static Transactions jta(EntityManagerFactory factory, UserTransaction transaction) {
        return new JtaTransactions(factory, transaction);
    }
}
