package io.bulwark.cluster.apiserver.authz;

/**
 * Where the authorizer finds roles and bindings as they are now. Thread-safe; never blocks long.
 */
public interface RbacSource {
  Rbac current();
}
