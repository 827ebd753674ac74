/** What a pod's specification says, read without side effects. */
@NullMarked
package io.bulwark.cluster.node.pod;

import org.jspecify.annotations.NullMarked;
