/** What objects of every built-in kind look like: types, rules for merging, protobuf numbers. */
@NullMarked
package io.bulwark.api.schema;

import org.jspecify.annotations.NullMarked;
