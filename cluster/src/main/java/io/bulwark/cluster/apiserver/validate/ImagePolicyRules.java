package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.quantity.Durations;
import io.bulwark.api.quantity.MalformedQuantity;
import io.bulwark.api.tree.Tree;
import java.util.List;

/** Image policies of both kinds. */
final class ImagePolicyRules implements Rules {
  private static final String SPEC = "spec";

  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty(SPEC);
    for (String field : List.of("images", "allowedSources", "requiredBases")) {
      patterns(spec, field, SPEC, checks);
    }
    String age = spec.textOrEmpty("maximumAge");
    if (!age.isEmpty()) {
      age(age, checks);
    }
    Checks.Unique names = checks.new Unique();
    List<Tree> signatures = spec.trees("signatures");
    for (int i = 0; i < signatures.size(); i++) {
      String path = "spec.signatures[" + i + "]";
      Tree signature = signatures.get(i);
      if (checks.present(signature, "name", path, "")) {
        names.add(path + ".name", signature.textOrEmpty("name"));
      }
      boolean key = !signature.textOrEmpty("key").isEmpty();
      boolean certificate = signature.tree("certificate") != null;
      if (key == certificate) {
        checks.invalid(path, "", "exactly one of key and certificate is needed");
      }
      if (key && !signature.textOrEmpty("key").contains("-----BEGIN PUBLIC KEY-----")) {
        checks.invalid(path + ".key", "", "must be a PEM encoded public key");
      }
      if (certificate) {
        Tree signer = signature.treeOrEmpty("certificate");
        checks.present(signer, "authority", path + ".certificate", "");
        checks.present(signer, "subject", path + ".certificate", "");
        pem(signer, "transparencyLog", "PUBLIC KEY", path, checks);
        pem(signer, "timestampAuthority", "CERTIFICATE", path, checks);
      }
    }
    List<Tree> exceptions = spec.trees("exceptions");
    for (int i = 0; i < exceptions.size(); i++) {
      String path = "spec.exceptions[" + i + "]";
      checks.present(exceptions.get(i), "vulnerability", path, "");
      checks.present(exceptions.get(i), "expires", path, "an exception is for a time");
      patterns(exceptions.get(i), "images", path, checks);
    }
  }

  private static void pem(Tree signer, String field, String type, String path, Checks checks) {
    String text = signer.textOrEmpty(field);
    if (!text.isEmpty() && !text.contains("-----BEGIN " + type + "-----")) {
      checks.invalid(
          path + ".certificate." + field, "", "must hold PEM encoded blocks of type " + type);
    }
  }

  private static void age(String age, Checks checks) {
    try {
      if (Durations.parse(age).isNegative()) {
        checks.invalid("spec.maximumAge", age, "must be greater than or equal to 0");
      }
    } catch (MalformedQuantity malformed) {
      checks.invalid("spec.maximumAge", age, "must be a duration such as 2160h");
    }
  }

  private static void patterns(Tree tree, String field, String path, Checks checks) {
    List<String> patterns = tree.texts(field);
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).isBlank() || patterns.get(i).length() > 400) {
        checks.invalid(
            path + "." + field + "[" + i + "]",
            patterns.get(i),
            "must be a pattern of image references of 1 to 400 characters");
      }
    }
  }
}
