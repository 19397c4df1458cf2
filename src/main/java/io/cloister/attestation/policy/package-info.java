/**
 * The rules that a policy is made of. Each group is a part of the policy's document and gives a verdict its {@code
 * policy.*} checks.
 */
@NullMarked
package io.cloister.attestation.policy;

import org.jspecify.annotations.NullMarked;
