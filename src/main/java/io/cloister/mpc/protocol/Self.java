package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.mpc.dealing.ShareKey;

/**
 * This node's own keys.
 *
 * @param nodeId 33-byte slot key, by which it finds its slot
 * @param vote signs supports
 * @param keyEncryption E_key of the epoch
 * @param bootEncryption E_pre of this boot
 * @param bootCounter this boot
 */
public record Self(Bytes nodeId, SigningKey vote, ShareKey keyEncryption, ShareKey bootEncryption, long bootCounter) {}
