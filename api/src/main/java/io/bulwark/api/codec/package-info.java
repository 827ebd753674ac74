/** Bytes to trees and back: JSON, YAML and protobuf. */
@NullMarked
package io.bulwark.api.codec;

import org.jspecify.annotations.NullMarked;
