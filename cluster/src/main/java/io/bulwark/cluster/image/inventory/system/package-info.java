/** The package databases of distributions: dpkg, apk, and rpm in its three forms on disk. */
@NullMarked
package io.bulwark.cluster.image.inventory.system;

import org.jspecify.annotations.NullMarked;
