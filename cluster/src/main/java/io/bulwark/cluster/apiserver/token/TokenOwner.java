package io.bulwark.cluster.apiserver.token;

import java.util.List;
import java.util.Map;

/**
 * Whom a valid service-account token stands for.
 *
 * @param uid of the service account
 * @param extra what the token is bound to
 * @param audiences for which it is valid, of those that were asked for
 */
public record TokenOwner(
    String namespace,
    String name,
    String uid,
    Map<String, List<String>> extra,
    List<String> audiences) {}
