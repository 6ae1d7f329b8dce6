package dev.changeover.proof;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The arrows between the modules, as the poms promise them. */
class ArchitectureTest {

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(
                    Arrays.stream(Module.values()).map(module -> module.root).toList());

    /** The published modules, and the only modules that each of them may see. */
    private enum Module {
        CORE("core"),
        LEGACY_ADAPTER("legacyadapter", CORE),
        NEW_ADAPTER("newadapter", CORE),
        SHADOW_COMPARE("shadowcompare", CORE),
        TEST_KIT("testkit", CORE);

        final String root;
        private final List<Module> sees;

        Module(String name, Module... sees) {
            this.root = "dev.changeover." + name;
            this.sees = List.of(sees);
        }

        String everything() {
            return root + "..";
        }

        String internals() {
            return root + ".internal..";
        }

        /** The packages of this module and of the modules that it may see. */
        String[] visible() {
            return Stream.concat(Stream.of(this), sees.stream())
                    .map(Module::everything)
                    .toArray(String[]::new);
        }
    }

    /** Without this, a renamed package would turn every rule below into one about nothing. */
    @ParameterizedTest
    @EnumSource(Module.class)
    void everyModuleIsOnTheClassPathOfThisTest(Module module) {
        PackageMatcher inModule = PackageMatcher.of(module.everything());

        assertThat(PRODUCTION).anyMatch(type -> inModule.matches(type.getPackageName()));
    }

    @ParameterizedTest
    @EnumSource(Module.class)
    void aModuleSeesOnlyTheModulesBelowIt(Module module) {
        noClasses()
                .that()
                .resideInAPackage(module.everything())
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.changeover..").and(not(resideInAnyPackage(module.visible()))))
                .check(PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource(Module.class)
    void aModuleKeepsItsInternalsToItself(Module module) {
        noClasses()
                .that()
                .resideOutsideOfPackage(module.everything())
                .should()
                .dependOnClassesThat()
                .resideInAPackage(module.internals())
                .check(PRODUCTION);
    }

    @Test
    void theCoreNeedsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage(Module.CORE.everything())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.jooq..",
                        "org.springframework..",
                        "org.hibernate..",
                        "jakarta.persistence..",
                        "com.fasterxml.jackson..")
                .check(PRODUCTION);
    }

    /** Leases and bounds are measured by a clock that never jumps, and compared by the server with its own. */
    @Test
    void nothingThatRoutesOrCopiesAsksForTheTimeOfDay() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.changeover.core..", "dev.changeover.legacyadapter..", "dev.changeover.newadapter..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .check(PRODUCTION);
    }
}
