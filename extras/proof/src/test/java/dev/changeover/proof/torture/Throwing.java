package dev.changeover.proof.torture;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Random;

/** Accounts whose increments throw now and then, after they have written. */
final class Throwing {

    private final Plan plan;
    private final Random random;

    Throwing(Plan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed ^ 0x7403);
    }

    /** What they throw. */
    static final class Afterwards extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Accounts on(Accounts accounts) {
        if (plan.throwEvery == 0 || plan.rehearsed) { // a rehearsal that throws is a difference, and rightly so
            return accounts;
        }
        return (Accounts) Proxy.newProxyInstance(
                Accounts.class.getClassLoader(), new Class<?>[] {Accounts.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(accounts, arguments);
                        if (method.getName().equals("add") && random.nextInt(plan.throwEvery) == 0) {
                            throw new Afterwards();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
