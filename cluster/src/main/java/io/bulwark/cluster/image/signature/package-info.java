/**
 * Signatures and attestations of images in cosign's form. Pure: what is signed is fetched by
 * others.
 */
@NullMarked
package io.bulwark.cluster.image.signature;

import org.jspecify.annotations.NullMarked;
