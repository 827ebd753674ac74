package io.bulwark.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. The reasons are in docs/architecture.md. */
@AnalyzeClasses(
    packages = "io.bulwark.cluster",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.bulwark.cluster";

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

  @ArchTest
  static final ArchRule componentsDoNotKnowEachOther =
      slices().matching(ROOT + ".(controller|scheduler|network)..").should().notDependOnEachOther();

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
