/** Runs while the module is built and makes the schema resources; no class of it ships. */
@NullMarked
package io.bulwark.schemas.generate;

import org.jspecify.annotations.NullMarked;
