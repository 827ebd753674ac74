/** What is used of resource quotas. */
@NullMarked
package io.bulwark.cluster.controller.quota;

import org.jspecify.annotations.NullMarked;
