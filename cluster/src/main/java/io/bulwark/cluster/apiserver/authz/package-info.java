/** Whether the sender may do what the request asks. */
@NullMarked
package io.bulwark.cluster.apiserver.authz;

import org.jspecify.annotations.NullMarked;
