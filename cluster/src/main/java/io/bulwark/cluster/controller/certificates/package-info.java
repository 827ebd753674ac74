/** Approves and signs the certificate requests of nodes and users. */
@NullMarked
package io.bulwark.cluster.controller.certificates;

import org.jspecify.annotations.NullMarked;
