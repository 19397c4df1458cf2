/**
 * The drawing of the house as tests: which context may import which, what a core never touches, habits of every package.
 *
 * <p>The rules stand in {@code CoreRules}, {@code DirectionRules} and {@code HouseRules}, each for a tree of packages. They
 * are applied to the project's own tree, and to {@code seeded}, whose classes break each of them.
 */
@NullMarked
package io.cloister.architecture;

import org.jspecify.annotations.NullMarked;
