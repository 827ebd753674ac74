/** A client of the Kubernetes API: requests, watches, informers, work queues, leader election. */
@NullMarked
package io.bulwark.client;

import org.jspecify.annotations.NullMarked;
