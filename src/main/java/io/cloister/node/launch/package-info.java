/**
 * Starts a node's process: reads the settings, locks the data folder, makes the TLS key of this boot and boots the
 * server with the WAR.
 *
 * <p>These classes and the settings lie in a jar of their own beside the server, above the WAR in the order of class
 * loading, so the WAR sees the very {@link io.cloister.node.launch.TlsIdentity} that the https listener uses. Nothing
 * here knows the rest of the project.
 */
@NullMarked
package io.cloister.node.launch;

import org.jspecify.annotations.NullMarked;
