/** StatefulSets: pods with names and places of their own. */
@NullMarked
package io.bulwark.cluster.controller.stateful;

import org.jspecify.annotations.NullMarked;
