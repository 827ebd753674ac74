/** What a URL asks for. */
@NullMarked
package io.bulwark.cluster.apiserver.request;

import org.jspecify.annotations.NullMarked;
