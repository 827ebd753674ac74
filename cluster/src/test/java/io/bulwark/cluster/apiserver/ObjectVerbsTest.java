package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectVerbsTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String MERGE = "application/merge-patch+json";

  private TestApi api;

  @BeforeEach
  void start() throws Exception {
    api = TestApi.started();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  static Tree map(String name) {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "ConfigMap",
        "metadata",
        Tree.of("name", name),
        "data",
        Tree.of("a", "1"));
  }

  static Tree pod(String name) {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Pod",
        "metadata",
        Tree.of("name", name),
        "spec",
        Tree.of("containers", TreeList.of(Tree.of("name", "c", "image", "i:1"))));
  }

  /** Source: the create handler of k8s.io/apiserver tracks managers before mutating admission. */
  @Test
  void nobodyOwnsWhatAdmissionAdds() {
    Tree made = api.send("POST", PODS, pod("owned")).tree();
    assertTrue(made.has("spec", "tolerations"), "admission adds tolerations");
    Tree owned =
        made.trees("metadata", "managedFields").getFirst().treeOrEmpty("fieldsV1", "f:spec");
    assertTrue(owned.has("f:restartPolicy"), "defaults belong to who created the object");
    assertFalse(owned.has("f:tolerations"), "what admission adds belongs to nobody");
  }

  @Test
  void createFillsInWhatOnlyTheServerKnows() {
    Tree sent = map("one");
    sent.set(7, "metadata", "generation").set("mine", "metadata", "uid");
    var made = api.send("POST", MAPS, sent);
    assertEquals(201, made.status(), made.text());
    Tree object = made.tree();
    assertEquals("default", Meta.namespace(object));
    assertNotEquals("mine", Meta.uid(object));
    assertFalse(object.has("metadata", "generation"), "a kind without spec has no generation");
    assertTrue(object.textOrEmpty("metadata", "creationTimestamp").endsWith("Z"));
    assertEquals(object.tree("data"), api.send("GET", MAPS + "/one").tree().tree("data"));
    assertEquals(
        Meta.resourceVersion(object), Meta.resourceVersion(api.send("GET", MAPS + "/one").tree()));
  }

  @Test
  void createOfATakenNameIsRefused() {
    api.send("POST", MAPS, map("one"));
    var again = api.send("POST", MAPS, map("one"));
    assertEquals(409, again.status());
    assertEquals("AlreadyExists", again.tree().text("reason"));
    assertEquals("configmaps \"one\" already exists", again.message());
  }

  @Test
  void generatedNamesDiffer() {
    Tree sent = map("");
    sent.put("metadata", Tree.of("generateName", "web-"));
    String one = Meta.name(api.send("POST", MAPS, sent).tree());
    String two = Meta.name(api.send("POST", MAPS, sent).tree());
    assertTrue(one.matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}"), one);
    assertNotEquals(one, two);
  }

  @Test
  void dryRunStoresNothing() {
    long before = api.store().revision();
    var dry = api.send("POST", MAPS + "?dryRun=All", map("dry"));
    assertEquals(201, dry.status(), dry.text());
    assertEquals(404, api.send("GET", MAPS + "/dry").status());
    assertEquals(before, api.store().revision());
    var unknown = api.send("POST", MAPS + "?dryRun=Some", map("dry"));
    assertEquals(422, unknown.status());
  }

  @Test
  void identicalUpdateIsNoWrite() {
    Tree made = api.send("POST", MAPS, map("same")).tree();
    var put = api.send("PUT", MAPS + "/same", made);
    assertEquals(200, put.status(), put.text());
    assertEquals(Meta.resourceVersion(made), Meta.resourceVersion(put.tree()));
  }

  @Test
  void staleUpdateConflictsAndVersionlessOneDoesNot() {
    Tree made = api.send("POST", MAPS, map("one")).tree();
    Tree changed = made.copy().set("2", "data", "a");
    assertEquals(200, api.send("PUT", MAPS + "/one", changed).status());
    var stale = api.send("PUT", MAPS + "/one", changed.copy().set("3", "data", "a"));
    assertEquals(409, stale.status());
    assertEquals(
        "Operation cannot be fulfilled on configmaps \"one\": the object has been modified; please"
            + " apply your changes to the latest version and try again",
        stale.message());
    Tree free = changed.copy().set("4", "data", "a").drop("metadata", "resourceVersion");
    assertEquals(200, api.send("PUT", MAPS + "/one", free).status());
  }

  @Test
  void updateOfAnotherNameOrUidIsRefused() {
    Tree made = api.send("POST", MAPS, map("one")).tree();
    var other = api.send("PUT", MAPS + "/two", made);
    assertEquals(400, other.status());
    assertEquals(
        "the name of the object (one) does not match the name on the URL (two)", other.message());
    Tree alien = map("one").set("x", "metadata", "uid");
    assertEquals(409, api.send("PUT", MAPS + "/one", alien).status());
  }

  @Test
  void mergePatchChangesOneField() {
    api.send("POST", MAPS, map("one"));
    var patched = api.send("PATCH", MAPS + "/one", MERGE, "{\"data\":{\"b\":\"2\"}}");
    assertEquals(200, patched.status(), patched.text());
    assertEquals(Tree.of("a", "1", "b", "2"), patched.tree().tree("data"));
    assertEquals(404, api.send("PATCH", MAPS + "/none", MERGE, "{}").status());
    assertEquals(415, api.send("PATCH", MAPS + "/one", "application/json", "{}").status());
  }

  @Test
  void applyMakesAndThenOwns() {
    String target = MAPS + "/applied?fieldManager=me";
    String type = "application/apply-patch+yaml";
    String body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: \"1\"}\n";
    var made = api.send("PATCH", target, type, body);
    assertEquals(201, made.status(), made.text());
    var again = api.send("PATCH", target, type, body);
    assertEquals(200, again.status(), again.text());
    assertEquals(Meta.resourceVersion(made.tree()), Meta.resourceVersion(again.tree()));
    var conflict =
        api.send(
            "PATCH", MAPS + "/applied?fieldManager=other", type, body.replace("\"1\"", "\"2\""));
    assertEquals(409, conflict.status());
    assertEquals(422, api.send("PATCH", MAPS + "/applied", type, body).status());
  }

  @Test
  void podsStartPendingWithAQualityAndAGeneration() {
    Tree sent = pod("p").set("Running", "status", "phase");
    var made = api.send("POST", PODS, sent);
    assertEquals(201, made.status(), made.text());
    assertEquals("Pending", made.tree().text("status", "phase"));
    assertEquals("BestEffort", made.tree().text("status", "qosClass"));
    assertEquals(1, Meta.generation(made.tree()));
  }

  @Test
  void statusAndSpecAreWrittenApart() {
    Tree made = api.send("POST", PODS, pod("p")).tree();
    Tree through = made.copy().set("Running", "status", "phase");
    through.set("x", "metadata", "labels", "l");
    Tree main = api.send("PUT", PODS + "/p", through).tree();
    assertEquals("Pending", main.text("status", "phase"));
    Tree status =
        main.copy().set("Running", "status", "phase").set(9, "status", "observedGeneration");
    status.set(99, "spec", "terminationGracePeriodSeconds");
    var put = api.send("PUT", PODS + "/p/status", status);
    assertEquals(200, put.status(), put.text());
    assertEquals("Running", put.tree().text("status", "phase"));
    assertEquals(30, put.tree().number(0, "spec", "terminationGracePeriodSeconds"));
    Tree without = put.tree().copy().drop("status", "observedGeneration");
    Tree kept = api.send("PUT", PODS + "/p/status", without).tree();
    assertEquals(9, kept.number(0, "status", "observedGeneration"));
  }

  @Test
  void deletionAnswersWithAStatusThatNamesTheUid() {
    Tree made = api.send("POST", MAPS, map("one")).tree();
    var gone = api.send("DELETE", MAPS + "/one");
    assertEquals(200, gone.status());
    assertEquals("Success", gone.tree().text("status"));
    assertEquals(Meta.uid(made), gone.tree().text("details", "uid"));
    assertEquals("configmaps", gone.tree().text("details", "kind"));
    assertEquals(404, api.send("DELETE", MAPS + "/one").status());
  }

  @Test
  void deletionHonoursPreconditions() {
    api.send("POST", MAPS, map("one"));
    Tree options =
        Tree.of(
            "apiVersion", "v1", "kind", "DeleteOptions", "preconditions", Tree.of("uid", "other"));
    var refused = api.send("DELETE", MAPS + "/one", options);
    assertEquals(409, refused.status(), refused.text());
    assertEquals(200, api.send("GET", MAPS + "/one").status());
  }

  @Test
  void finalizersKeepAnObjectUntilTheLastIsGone() {
    Tree sent = map("held");
    sent.childList("metadata", "finalizers").add("example.com/wait");
    api.send("POST", MAPS, sent);
    var waiting = api.send("DELETE", MAPS + "/held");
    assertEquals(200, waiting.status());
    assertTrue(Meta.terminating(waiting.tree()), waiting.text());
    var last = api.send("PATCH", MAPS + "/held", MERGE, "{\"metadata\":{\"finalizers\":null}}");
    assertEquals(200, last.status(), last.text());
    assertEquals("ConfigMap", last.tree().text("kind"));
    assertEquals(404, api.send("GET", MAPS + "/held").status());
  }

  @Test
  void foregroundDeletionLeavesAFinalizer() {
    api.send("POST", MAPS, map("one"));
    var gone = api.send("DELETE", MAPS + "/one?propagationPolicy=Foreground");
    assertEquals(200, gone.status(), gone.text());
    assertEquals(java.util.List.of("foregroundDeletion"), Meta.finalizers(gone.tree()));
  }

  @Test
  void aLaterDeletionMayChooseAnotherWay() {
    api.send("POST", MAPS, map("one"));
    api.send("DELETE", MAPS + "/one?propagationPolicy=Foreground");
    Tree orphaning = api.send("DELETE", MAPS + "/one?propagationPolicy=Orphan").tree();
    assertEquals("ConfigMap", orphaning.text("kind"));
    assertEquals(java.util.List.of("orphan"), Meta.finalizers(orphaning));
    assertEquals(200, api.send("DELETE", MAPS + "/one?propagationPolicy=Background").status());
    assertEquals(404, api.send("GET", MAPS + "/one").status());
  }

  @Test
  void patchesCannotMakeAnObjectAnother() {
    api.send("POST", MAPS, map("one"));
    var refused = api.send("PATCH", MAPS + "/one", MERGE, "{\"kind\":\"Other\"}");
    assertEquals(422, refused.status(), refused.text());
    assertEquals("ConfigMap", api.send("GET", MAPS + "/one").tree().text("kind"));
  }

  @Test
  void boundPodsAreGivenTimeAndUnboundOnesAreNot() {
    api.send("POST", PODS, pod("free"));
    assertEquals(200, api.send("DELETE", PODS + "/free").status());
    assertEquals(404, api.send("GET", PODS + "/free").status());
    api.send("POST", PODS, pod("bound").set("n1", "spec", "nodeName"));
    Tree first = api.send("DELETE", PODS + "/bound").tree();
    assertEquals(30, first.number(0, "metadata", "deletionGracePeriodSeconds"));
    assertEquals(2, Meta.generation(first));
    Tree longer = api.send("DELETE", PODS + "/bound?gracePeriodSeconds=60").tree();
    assertEquals(30, longer.number(0, "metadata", "deletionGracePeriodSeconds"));
    assertEquals(200, api.send("DELETE", PODS + "/bound?gracePeriodSeconds=0").status());
    assertEquals(404, api.send("GET", PODS + "/bound").status());
    Tree hasty = pod("hasty").set("n1", "spec", "nodeName");
    api.send("POST", PODS, hasty.set(0L, "spec", "terminationGracePeriodSeconds"));
    Tree slow = api.send("DELETE", PODS + "/hasty?gracePeriodSeconds=60").tree();
    assertEquals(60, slow.number(0, "metadata", "deletionGracePeriodSeconds"));
    assertEquals(200, api.send("DELETE", PODS + "/hasty?gracePeriodSeconds=0").status());
    api.send("POST", PODS, hasty);
    assertEquals(200, api.send("DELETE", PODS + "/hasty").status());
    assertEquals(404, api.send("GET", PODS + "/hasty").status());
  }

  @Test
  void collectionsAreDeletedBySelector() {
    api.send("POST", MAPS, map("a").set("x", "metadata", "labels", "app"));
    api.send("POST", MAPS, map("b"));
    var gone = api.send("DELETE", MAPS + "?labelSelector=app%3Dx");
    assertEquals(200, gone.status(), gone.text());
    assertEquals(1, gone.tree().list("items").size());
    assertEquals(404, api.send("GET", MAPS + "/a").status());
    assertEquals(200, api.send("GET", MAPS + "/b").status());
  }

  @Test
  void tokensAreIssuedAndReviewed() {
    String accounts = "/api/v1/namespaces/default/serviceaccounts";
    api.send(
        "POST",
        accounts,
        Tree.of("apiVersion", "v1", "kind", "ServiceAccount", "metadata", Tree.of("name", "a")));
    var issued =
        api.send(
            "POST",
            accounts + "/a/token",
            Tree.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest"));
    assertEquals(201, issued.status(), issued.text());
    Tree review =
        Tree.of(
            "apiVersion", "authentication.k8s.io/v1",
            "kind", "TokenReview",
            "spec", Tree.of("token", issued.tree().text("status", "token")));
    var reviewed = api.send("POST", "/apis/authentication.k8s.io/v1/tokenreviews", review);
    assertEquals(
        "system:serviceaccount:default:a",
        reviewed.tree().text("status", "user", "username"),
        reviewed.text());
  }

  @Test
  void terminatingNamespacesVanishWithTheirLastFinalizer() {
    String namespaces = "/api/v1/namespaces";
    api.send(
        "POST",
        namespaces,
        Tree.of("apiVersion", "v1", "kind", "Namespace", "metadata", Tree.of("name", "t")));
    Tree going = api.send("DELETE", namespaces + "/t").tree();
    assertEquals("Terminating", going.text("status", "phase"));
    var refused = api.send("POST", namespaces + "/t/configmaps", map("late"));
    assertEquals(403, refused.status(), refused.text());
    Tree empty = going.copy().set(new TreeList(), "spec", "finalizers");
    var last = api.send("PUT", namespaces + "/t/finalize", empty);
    assertEquals(200, last.status(), last.text());
    assertEquals(404, api.send("GET", namespaces + "/t").status());
  }

  @Test
  void bindingsAndScalesAndEvictionsAct() {
    api.send("POST", PODS, pod("p"));
    Tree binding =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Binding",
            "metadata",
            Tree.of("name", "p"),
            "target",
            Tree.of("kind", "Node", "name", "n1"));
    var bound = api.send("POST", PODS + "/p/binding", binding);
    assertEquals(201, bound.status(), bound.text());
    Tree assigned = api.send("GET", PODS + "/p").tree();
    assertEquals("n1", assigned.text("spec", "nodeName"));
    assertEquals(1, Meta.generation(assigned), "a binding is no change of the owner's");
    assertEquals(409, api.send("POST", PODS + "/p/binding", binding).status());
    Tree eviction =
        Tree.of("apiVersion", "policy/v1", "kind", "Eviction", "metadata", Tree.of("name", "p"));
    assertEquals(201, api.send("POST", PODS + "/p/eviction", eviction).status());
    assertTrue(Meta.terminating(api.send("GET", PODS + "/p").tree()));
    assertTrue(
        api.audited().stream()
            .anyMatch(event -> "eviction".equals(event.text("objectRef", "subresource"))));
  }
}
