package io.bulwark.cluster.apiserver.authn;

/** Says who may act as whom; authorization implements it. */
public interface ImpersonationGuard {
  /**
   * @param resource {@code users}, {@code groups}, {@code serviceaccounts}, {@code uids} or {@code
   *     userextras}
   * @throws io.bulwark.api.failure.Rejected with 403 if the sender may not impersonate it
   */
  void require(
      Subject sender,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name);
}
