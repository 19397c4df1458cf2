/**
 * The whole network under test: four real nodes on real chains, as the demo starts them.
 *
 * <p>Carries deposits through restarts, then looks at what the nodes leave in their databases and on the disk, and at what
 * they do when somebody has changed it. What is protected and how is written down in {@code docs/vault.md}.
 */
@NullMarked
package io.cloister.acceptance;

import org.jspecify.annotations.NullMarked;
