package io.bulwark.cluster.apiserver.decode;

import io.bulwark.client.PatchType;

/**
 * A patch as it came.
 *
 * @param type of any kind but {@code APPLY}, which {@link ManagedFields#apply} serves
 * @param body never changed
 */
public record PatchRequest(PatchType type, byte[] body, FieldValidation validation) {}
