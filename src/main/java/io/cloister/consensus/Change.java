package io.cloister.consensus;

import io.cloister.codec.Bytes;
import java.util.Optional;

/** One write to the application's state; without a value the key is removed. */
public record Change(Bytes key, Optional<Bytes> value) {}
