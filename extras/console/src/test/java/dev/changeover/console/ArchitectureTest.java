package dev.changeover.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the console may see, and that every verb ends as the others do. */
class ArchitectureTest {
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.changeover.console");

    @Test
    void theConsoleSeesNoInternals() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.changeover.core.internal..",
                        "dev.changeover.shadowcompare.internal..",
                        "dev.changeover.newadapter..",
                        "dev.changeover.testkit..")
                .check(PRODUCTION);
    }

    @Test
    void nothingIsPrintedPastTheScreen() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Surroundings")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(PRODUCTION);
    }

    @Test
    void everyVerbEndsInAnExitCode() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Verb")
                .should()
                .beAssignableTo(Verb.class)
                .check(PRODUCTION);
    }
}
