/** Image registries over verified TLS: discovery, credentials, mirrors, bounded downloads. */
@NullMarked
package io.bulwark.cluster.image.registry;

import org.jspecify.annotations.NullMarked;
