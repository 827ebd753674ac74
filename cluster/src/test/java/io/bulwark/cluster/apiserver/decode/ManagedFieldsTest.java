package io.bulwark.cluster.apiserver.decode;

import static io.bulwark.cluster.apiserver.decode.Samples.CONFIG_MAP;
import static io.bulwark.cluster.apiserver.decode.Samples.DEPLOYMENT;
import static io.bulwark.cluster.apiserver.decode.Samples.SERVICE;
import static io.bulwark.cluster.apiserver.decode.Samples.bytes;
import static io.bulwark.cluster.apiserver.decode.Samples.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagedFieldsTest {
  private static final String HEAD =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: ns, labels: {l: '1'}}\n";

  private Instant time = Instant.parse("2026-01-01T00:00:00Z");
  private final ManagedFields fields = new ManagedFields(Samples.SHAPES, () -> time);

  private Tree apply(@Nullable Tree live, String manager, boolean force, String document) {
    return fields.apply(live, yaml(document), DEPLOYMENT, "", manager, force);
  }

  private Tree create(Kind kind, String manager, String document) {
    return fields.update(null, yaml(document), kind, "", manager);
  }

  private static String owned(Tree object, String manager) {
    for (Tree entry : object.trees("metadata", "managedFields")) {
      if (entry.textOrEmpty("manager").equals(manager)) {
        return Json.text(entry.tree("fieldsV1"));
      }
    }
    return "";
  }

  private static Tree refused(org.junit.jupiter.api.function.Executable action) {
    return Statuses.of(assertThrows(Rejected.class, action).failure());
  }

  private static String replicas(int count) {
    return HEAD + "spec: {replicas: " + count + "}\n";
  }

  @Test
  void whoCreatesOwnsWhatIsSet() {
    Tree made =
        create(
            DEPLOYMENT,
            "kubectl-create",
            HEAD
                + "spec: {replicas: 1, template: {spec: {containers: [{name: c, image: i, env:"
                + " [{name: E, value: v}]}]}}}\nstatus: {replicas: 3}\n");
    assertEquals(
        "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:l\":{}}},\"f:spec\":{\"f:replicas\":{},"
            + "\"f:template\":{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":{\".\":{},"
            + "\"f:env\":{\".\":{},\"k:{\\\"name\\\":\\\"E\\\"}\":{\".\":{},\"f:name\":{},\"f:value\":{}}},"
            + "\"f:image\":{},\"f:name\":{}}}}}}}",
        owned(made, "kubectl-create"));
    Tree entry = made.trees("metadata", "managedFields").getFirst();
    assertEquals("Update", entry.text("operation"));
    assertEquals("apps/v1", entry.text("apiVersion"));
    assertEquals("2026-01-01T00:00:00Z", entry.text("time"));
  }

  @Test
  void applyOwnsWhatItNames() {
    Tree made = apply(null, "a", false, replicas(1));
    assertEquals(
        "{\"f:metadata\":{\"f:labels\":{\"f:l\":{}}},\"f:spec\":{\"f:replicas\":{}}}",
        owned(made, "a"));
    assertEquals("Apply", made.trees("metadata", "managedFields").getFirst().text("operation"));
  }

  @Test
  void anotherOwnerIsAConflictUnlessForced() {
    Tree live = create(DEPLOYMENT, "kubectl-client-side-apply", replicas(1));
    Tree status = refused(() -> apply(live, "ci", false, replicas(2)));
    assertEquals(409L, status.number(0, "code"));
    assertEquals(
        "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1:"
            + " .spec.replicas",
        status.text("message"));
    Tree cause = status.trees("details", "causes").getFirst();
    assertEquals("FieldManagerConflict", cause.text("reason"));
    assertEquals(".spec.replicas", cause.text("field"));

    Tree forced = apply(live, "ci", true, replicas(2));
    assertEquals(2L, forced.number(0, "spec", "replicas"));
    assertFalse(owned(forced, "kubectl-client-side-apply").contains("replicas"));
  }

  @Test
  void severalConflictsAreListedByOwner() {
    Tree live = apply(null, "a", false, HEAD + "spec: {replicas: 1, paused: true}");
    Tree status =
        refused(() -> apply(live, "b", false, HEAD + "spec: {replicas: 2, paused: false}"));
    assertEquals(
        "Apply failed with 2 conflicts: conflicts with \"a\":\n- .spec.paused\n- .spec.replicas",
        status.text("message"));
  }

  @Test
  void equalValuesAreSharedAndKeptUntilTheLastOwnerLeaves() {
    Tree one = apply(null, "a", false, replicas(1));
    Tree both = apply(one, "b", false, replicas(1));
    assertTrue(owned(both, "a").contains("replicas") && owned(both, "b").contains("replicas"));
    Tree left = apply(both, "a", false, HEAD);
    assertEquals(1L, left.number(0, "spec", "replicas"));
    Tree none = apply(left, "b", false, HEAD);
    assertNull(none.at("spec", "replicas"));
  }

  @Test
  void droppedElementsGoWithTheirDefaults() {
    String two =
        HEAD + "spec: {template: {spec: {containers: [{name: a, image: x}, {name: b, image: w}]}}}";
    Tree live = apply(null, "m", false, two);
    live.list("spec", "template", "spec", "containers")
        .trees()
        .forEach(container -> container.put("imagePullPolicy", "Always"));
    Tree next =
        apply(
            live,
            "m",
            false,
            HEAD + "spec: {template: {spec: {containers: [{name: b, image: z}]}}}");
    assertEquals(
        yaml("l: [{name: b, image: z, imagePullPolicy: Always}]").list("l"),
        next.list("spec", "template", "spec", "containers"));
  }

  @Test
  void applyingAgainChangesNothing() {
    Tree live = apply(null, "a", false, replicas(1));
    time = time.plusSeconds(60);
    assertEquals(live, apply(live, "a", false, replicas(1)));
  }

  @Test
  void anUpdateThatOnlyTouchesTimesSettles() {
    Tree live = create(DEPLOYMENT, "a", replicas(1));
    time = time.plusSeconds(60);
    Tree next = live.copy();
    next.trees("metadata", "managedFields").getFirst().put("time", "2026-02-02T00:00:00Z");
    ManagedFields.settle(live, next);
    assertEquals(live, next);
    Tree changed = live.copy().set(5, "spec", "replicas");
    changed.trees("metadata", "managedFields").getFirst().put("time", "2026-02-02T00:00:00Z");
    ManagedFields.settle(live, changed);
    assertFalse(
        live.list("metadata", "managedFields").equals(changed.list("metadata", "managedFields")));
  }

  @Test
  void anUpdateTakesWhatItChanges() {
    Tree live = apply(null, "a", false, replicas(1));
    time = time.plusSeconds(60);
    Tree scaled = live.copy().set(3, "spec", "replicas");
    Tree next = fields.update(live.freeze(), scaled, DEPLOYMENT, "scale", "kubectl");
    assertFalse(owned(next, "a").contains("replicas"));
    assertEquals("{\"f:spec\":{\"f:replicas\":{}}}", owned(next, "kubectl"));
    assertEquals("scale", next.trees("metadata", "managedFields").get(1).text("subresource"));
    Tree status = refused(() -> apply(next, "a", false, replicas(1)));
    assertEquals(
        "Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using"
            + " apps/v1: .spec.replicas",
        status.text("message"));
  }

  @Test
  void mainEndpointOwnsNoStatusAndStatusOwnsNoSpec() {
    Tree made = apply(null, "a", false, HEAD + "spec: {replicas: 1}\nstatus: {replicas: 1}");
    assertFalse(owned(made, "a").contains("f:status"));
    Tree status =
        fields.apply(
            made,
            yaml(HEAD + "spec: {replicas: 9}\nstatus: {replicas: 2}"),
            DEPLOYMENT,
            "status",
            "s",
            true);
    assertFalse(owned(status, "s").contains("f:spec"));
    assertTrue(owned(status, "s").contains("f:status"));
    assertTrue(owned(status, "a").contains("f:replicas"));
  }

  @Test
  void earlierContentIsOwnedByBeforeFirstApply() {
    Tree live = yaml(replicas(1)).set("u", "metadata", "uid");
    Tree updated = fields.update(live, live.copy().set(2, "spec", "replicas"), DEPLOYMENT, "", "x");
    assertFalse(updated.has("metadata", "managedFields"));
    Tree status = refused(() -> apply(live, "a", false, replicas(2)));
    assertTrue(
        status
            .textOrEmpty("message")
            .contains("conflict with \"before-first-apply\" using apps/v1"));
    Tree next = apply(live, "a", false, replicas(1));
    assertTrue(owned(next, "before-first-apply").contains("f:replicas"));
  }

  @Test
  void theOldestUpdatersBecomeOne() {
    Tree live = create(CONFIG_MAP, "m0", "metadata: {name: c}\ndata: {k0: v}");
    for (int i = 1; i <= 11; i++) {
      time = time.plusSeconds(1);
      live = fields.update(live, live.copy().set("v", "data", "k" + i), CONFIG_MAP, "", "m" + i);
    }
    List<Tree> entries = live.trees("metadata", "managedFields");
    assertEquals(10, entries.size());
    assertEquals(
        "{\"f:data\":{\".\":{},\"f:k0\":{},\"f:k1\":{},\"f:k2\":{}}}",
        owned(live, "ancient-changes"));
    assertEquals("", owned(live, "m1"));
  }

  @Test
  void oneEmptyEntryResetsAndGarbageKeepsTheLiveEntries() {
    Tree live = apply(null, "a", false, replicas(1));
    Tree reset = live.copy().set(TreeList.of(new Tree()), "metadata", "managedFields");
    assertFalse(fields.update(live, reset, DEPLOYMENT, "", "b").has("metadata", "managedFields"));
    Tree garbage =
        live.copy().set(TreeList.of(Tree.of("manager", "x")), "metadata", "managedFields");
    Tree kept = fields.update(live, garbage, DEPLOYMENT, "", "b");
    assertEquals(live.list("metadata", "managedFields"), kept.list("metadata", "managedFields"));
  }

  @Test
  void nullRemovesAndNullTimestampsAreIgnored() {
    Tree live = create(DEPLOYMENT, "c", replicas(4));
    Tree next =
        apply(
            live,
            "a",
            true,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, creationTimestamp: null}\n"
                + "spec: {replicas: null}");
    assertNull(next.at("spec", "replicas"));
    assertEquals("{\"f:spec\":{\"f:replicas\":{}}}", owned(next, "a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "400|invalid object type: /v1, Kind=Deployment|apiVersion: v1\nkind: Deployment",
        "400|invalid object type: apps/v1, Kind=|apiVersion: apps/v1",
        "400|metadata.managedFields must be nil|apiVersion: apps/v1\nkind: Deployment\n"
            + "metadata: {managedFields: [{}]}",
        "500|failed to create typed patch object (ns/d; apps/v1, Kind=Deployment): .spec.foo: field"
            + " not declared in schema|apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d,"
            + " namespace: ns}\nspec: {foo: 1}",
        "500|failed to create typed patch object (/; apps/v1, Kind=Deployment):"
            + " .spec.template.spec.containers: duplicate entries for key [name=\"a\"]|apiVersion:"
            + " apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: a}, {name:"
            + " a}]}}}",
        "500|failed to create typed patch object (/; apps/v1, Kind=Deployment): .spec.replicas:"
            + " expected numeric (int or float), got string|apiVersion: apps/v1\nkind: Deployment\n"
            + "spec: {replicas: one}",
        "400|error decoding YAML: |{",
      })
  void refusesConfigurations(String row) {
    String[] parts = row.split("\\|", 3);
    Tree status =
        refused(
            () ->
                fields.apply(
                    null, bytes(parts[2]), FieldValidation.WARN, DEPLOYMENT, "", "m", false));
    assertEquals(Long.parseLong(parts[0]), status.number(0, "code"));
    assertTrue(status.textOrEmpty("message").startsWith(parts[1]), status.textOrEmpty("message"));
  }

  @Test
  void liveDuplicatesAreTolerated() {
    Tree live =
        yaml(
            "apiVersion: v1\nkind: Service\nmetadata: {name: s, uid: u}\nspec: {ports: [{port: 1,"
                + " protocol: TCP, name: a}, {port: 1, protocol: TCP, name: b}]}");
    Tree next =
        fields.apply(
            live,
            yaml("apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {x: w}}"),
            SERVICE,
            "",
            "m",
            false);
    assertEquals(live.list("spec", "ports"), next.list("spec", "ports"));
  }

  @Test
  void anElementWithoutAKeyUsesItsDefault() {
    Tree made =
        fields.apply(
            null,
            yaml("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}"),
            SERVICE,
            "",
            "m",
            false);
    assertEquals(
        "{\"f:spec\":{\"f:ports\":{\"k:{\\\"port\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":"
            + "{\".\":{},\"f:port\":{}}}}}",
        owned(made, "m"));
  }

  @Test
  void kubectlTakesOverWhatItAppliedFromTheClient() {
    Tree live = yaml(replicas(1));
    live.set(
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"spec\":{\"replicas\":1}}",
        "metadata",
        "annotations",
        "kubectl.kubernetes.io/last-applied-configuration");
    Tree made = fields.update(null, live, DEPLOYMENT, "", "kubectl-client-side-apply");
    Tree next = apply(made, "kubectl", false, replicas(2));
    assertEquals(2L, next.number(0, "spec", "replicas"));
    assertTrue(
        next.textOrEmpty(
                "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
            .contains("\"replicas\":2"));
    assertThrows(Rejected.class, () -> apply(made, "other", false, replicas(2)));
  }

  @Test
  void kubectlDoesNotTakeOverWhatChangedSinceItWasApplied() {
    Tree live = yaml(replicas(3));
    live.set(
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"spec\":{\"replicas\":1}}",
        "metadata",
        "annotations",
        "kubectl.kubernetes.io/last-applied-configuration");
    Tree made = fields.update(null, live, DEPLOYMENT, "", "kubectl-edit");
    assertThrows(Rejected.class, () -> apply(made, "kubectl", false, replicas(2)));
  }

  @Test
  void anApplierThatChangesNothingHasNoTime() {
    Tree made = create(DEPLOYMENT, "maker", replicas(1));
    Tree next = apply(made, "second", false, replicas(1));
    for (Tree entry : next.trees("metadata", "managedFields")) {
      assertEquals(
          entry.textOrEmpty("manager").equals("maker"), entry.has("time"), entry::toString);
    }
  }

  @Test
  void nobodyOwnsTheStatusThatIsAlwaysThere() {
    Tree made = create(DEPLOYMENT, "maker", replicas(1));
    Tree counted = made.copy();
    counted.set(1, "status", "observedGeneration");
    Tree next = fields.update(made, counted, DEPLOYMENT, "status", "kube-controller-manager");
    assertEquals(
        "{\"f:status\":{\"f:observedGeneration\":{}}}", owned(next, "kube-controller-manager"));
  }

  @Test
  void theManagerIsNamedByTheUserAgent() {
    assertEquals("kubectl", ManagedFields.managerOf(null, "kubectl/v1.36.0 (linux/amd64)"));
    assertEquals("ci", ManagedFields.managerOf("ci", "kubectl/v1.36.0"));
    assertEquals("unknown", ManagedFields.managerOf("", null));
  }

  @Test
  void fieldSetsSurviveEncoding() {
    String text =
        "{\"f:a\":{\".\":{},\"k:{\\\"name\\\":\\\"x\\\",\\\"port\\\":1}\":{\".\":{},\"f:b\":{}}},"
            + "\"f:s\":{\"i:3\":{},\"v:\\\"y\\\"\":{}}}";
    FieldSet set = FieldSet.decode(Json.read(bytes(text)));
    assertEquals(text, set.toString());
    assertEquals(
        List.of(".a", ".a[name=\"x\",port=1]", ".a[name=\"x\",port=1].b", ".s[3]", ".s[=\"y\"]"),
        set.paths());
  }
}
