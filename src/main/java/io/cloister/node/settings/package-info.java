/**
 * The settings of a node: their names, defaults and bounds, read from one properties file under the environment and
 * the system properties.
 *
 * <p>An unknown name or an impossible value is refused by name before anything else runs; nothing is guessed and no
 * file is created. The package stands alone, because the launcher reads it before the server exists and the WAR reads
 * it again inside the server. The table of all settings is {@link io.cloister.node.settings.Setting}.
 */
@NullMarked
package io.cloister.node.settings;

import org.jspecify.annotations.NullMarked;
