package io.cloister.ledger;

import io.cloister.codec.Bytes;

/**
 * Something that a module says has happened.
 *
 * @param name module and what, such as {@code bridge.deposit-accepted}
 * @param data in the module's own binary form
 */
public record Event(String name, Bytes data) {}
