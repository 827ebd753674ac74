/** Service-account tokens: made, checked, and described for OpenID Connect. */
@NullMarked
package io.bulwark.cluster.apiserver.token;

import org.jspecify.annotations.NullMarked;
