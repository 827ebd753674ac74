package io.bulwark.cluster.apiserver.authz;

/**
 * Whether somebody may do something.
 *
 * @param reason why not, in upstream's words; may be empty
 */
public record Decision(boolean allowed, String reason) {
  static final Decision YES = new Decision(true, "");
  static final Decision NO = new Decision(false, "");

  static Decision no(String reason) {
    return new Decision(false, reason);
  }
}
