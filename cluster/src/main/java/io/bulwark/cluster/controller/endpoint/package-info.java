/** Keeps Endpoints and EndpointSlices to the pods that Services select. */
@NullMarked
package io.bulwark.cluster.controller.endpoint;

import org.jspecify.annotations.NullMarked;
