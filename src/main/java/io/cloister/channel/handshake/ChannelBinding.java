package io.cloister.channel.handshake;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;

/** What ties a handshake to one TLS 1.3 connection. Both ends of a connection, and nobody else, export equal values. */
public interface ChannelBinding {
    /** SHA-256 of our certificate's SubjectPublicKeyInfo. */
    Bytes ownSpki();

    /** SHA-256 of the SubjectPublicKeyInfo that the peer proved to hold. */
    Bytes peerSpki();

    /**
     * The TLS exporter (RFC 8446, section 7.5): the same arguments give the same value for the life of the connection.
     */
    SecretBytes export(String label, Bytes context, int length);
}
