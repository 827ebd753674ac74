package io.bulwark.cluster.apiserver.authz;

import io.bulwark.cluster.apiserver.authn.Subject;

/**
 * What a request asks for, in the words of RBAC. Unused parts are empty.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, ... or the lower-case HTTP
 *     method for a path that is no resource
 * @param path the URL path where the request is for no resource
 */
public record Attributes(
    Subject subject,
    String verb,
    String group,
    String version,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path,
    boolean resourceRequest) {}
