/** Plug-ins that change or refuse an object before it is stored. */
@NullMarked
package io.bulwark.cluster.apiserver.admission;

import org.jspecify.annotations.NullMarked;
