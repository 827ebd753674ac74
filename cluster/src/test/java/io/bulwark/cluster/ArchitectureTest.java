package io.bulwark.cluster;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** Who may know whom. The reasons are in docs/architecture.md. */
@AnalyzeClasses(
    packages = "io.bulwark.cluster",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.bulwark.cluster";

  private static String[] apiserver(String... parts) {
    return Arrays.stream(parts)
        .map(part -> ROOT + ".apiserver." + part + "..")
        .toArray(String[]::new);
  }

  @ArchTest
  static final ArchRule componentsReachTheApiServerOnlyThroughAClient =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + ".controller..",
              ROOT + ".scheduler..",
              ROOT + ".node..",
              ROOT + ".network..",
              ROOT + ".image..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".apiserver..");

  @ArchTest
  static final ArchRule innerStagesDoNotKnowTheRegistry =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + ".apiserver.decode..",
              ROOT + ".apiserver.admission..",
              ROOT + ".apiserver.validate..",
              ROOT + ".apiserver.store..",
              ROOT + ".apiserver.watch..",
              ROOT + ".apiserver.read..",
              ROOT + ".apiserver.authn..",
              ROOT + ".apiserver.authz..",
              ROOT + ".apiserver.flow..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".apiserver.registry..");

  @ArchTest
  static final ArchRule theRuntimesTypesStayWithTheRuntime =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".node.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + ".node.runtime.cri..", "runtime.v1..");

  @ArchTest
  static final ArchRule platformKnowsNoComponent =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".platform..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".apiserver..",
              ROOT + ".controller..",
              ROOT + ".scheduler..",
              ROOT + ".node..",
              ROOT + ".network..",
              ROOT + ".image..");

  /** A node admits pods by the scheduler's arithmetic. */
  @ArchTest
  static final ArchRule componentsDoNotKnowEachOther =
      slices()
          .matching(ROOT + ".(apiserver|controller|scheduler|node|network|join)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage(ROOT + ".node.agent"), resideInAPackage(ROOT + ".scheduler.model"));

  /** The package of RequestPath has the routes, which continue it; the outermost wires. */
  @ArchTest
  static final ArchRule onlyTheRequestPathSeesSeveralStages =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("path")
          .definedBy(ROOT, ROOT + ".apiserver")
          .layer("flow")
          .definedBy(ROOT + ".apiserver.flow..")
          .layer("authorization")
          .definedBy(ROOT + ".apiserver.authz..")
          .layer("answers")
          .definedBy(apiserver("read", "watch", "stream", "review", "discovery"))
          .layer("registry")
          .definedBy(ROOT + ".apiserver.registry..")
          .layer("inner")
          .definedBy(apiserver("decode", "admission", "validate"))
          .whereLayer("path")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("flow")
          .mayOnlyBeAccessedByLayers("path")
          .whereLayer("authorization")
          .mayOnlyBeAccessedByLayers("path", "answers", "registry", "inner")
          .whereLayer("answers")
          .mayOnlyBeAccessedByLayers("path")
          .whereLayer("registry")
          .mayOnlyBeAccessedByLayers("path")
          .whereLayer("inner")
          .mayOnlyBeAccessedByLayers("path", "registry");

  /** What PodPath drives; {@code pod} and {@code runtime} are what all of them stand on. */
  @ArchTest
  static final ArchRule onlyThePodPathSeesSeveralStages =
      slices()
          .matching(
              ROOT + ".node.(containerd|image|probe|server|simulated|software|stats|volume)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule partsHaveNoCycles =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule stagesHaveNoCycles =
      slices().matching(ROOT + ".apiserver.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheRegistryWritesToTheStore =
      classes()
          .that()
          .haveFullyQualifiedName(ROOT + ".apiserver.store.Store")
          .should(OnlyWriters.in(ROOT + ".apiserver.registry", ROOT + ".apiserver.store"));
}
