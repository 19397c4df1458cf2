/**
 * What makes a WAR of the contexts: configuration, the data source, the schema's migration and the wiring.
 *
 * <p>It imports every context and nobody imports it. It holds no rule of any protocol. The order of a boot is written
 * down in {@link io.cloister.node.boot.BootStage}, the settings in {@link io.cloister.node.settings.Setting}.
 */
@NullMarked
package io.cloister.node;

import org.jspecify.annotations.NullMarked;
