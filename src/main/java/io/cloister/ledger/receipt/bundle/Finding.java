package io.cloister.ledger.receipt.bundle;

/**
 * One step of the check.
 *
 * @param name stable
 * @param detail for people
 */
public record Finding(String name, boolean holds, String detail) {}
