/**
 * Software that language ecosystems install: Java archives and run-times, npm, Python, Go and Rust.
 * Every reader here is bounded in time and memory, whatever the bytes.
 */
@NullMarked
package io.bulwark.cluster.image.inventory.language;

import org.jspecify.annotations.NullMarked;
