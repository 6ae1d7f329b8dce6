package dev.changeover.proof;

import dev.changeover.core.FoldedFind;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.Side;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.FoldedCopy;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.MarkedKeys;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.core.control.PercentChange;
import dev.changeover.core.control.Registration;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.gate.GateFacts;
import dev.changeover.core.measure.Counts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The base of controls that break a rule. */
public abstract class ForwardingControl implements Control {

    private final Control control;

    protected ForwardingControl(Control control) {
        this.control = control;
    }

    @Override
    public int register(Registration registration) {
        return control.register(registration);
    }

    @Override
    public List<RepositoryState> states() {
        return control.states();
    }

    @Override
    public List<RepositoryStatus> status() {
        return control.status();
    }

    @Override
    public void heartbeat(String instance, String application, Duration lease, Collection<RepositoryState> seen) {
        control.heartbeat(instance, application, lease, seen);
    }

    @Override
    public Entry enter(Connection connection, int repository, List<String> keys) throws SQLException {
        return control.enter(connection, repository, keys);
    }

    @Override
    public Answer ask(Connection connection, int repository, String key) throws SQLException {
        return control.ask(connection, repository, key);
    }

    @Override
    public MarkedKeys marked(int repository, int most) throws SQLException {
        return control.marked(repository, most);
    }

    @Override
    public List<String> asleep(Connection connection, int repository) throws SQLException {
        return control.asleep(connection, repository);
    }

    @Override
    public boolean reserve(Connection connection, int repository, List<String> keys) throws SQLException {
        return control.reserve(connection, repository, keys);
    }

    @Override
    public boolean rehearses() {
        return control.rehearses();
    }

    @Override
    public List<String> deferredConstraints(Connection connection, List<String> tables) throws SQLException {
        return control.deferredConstraints(connection, tables);
    }

    @Override
    public void setReadSavepoint(Connection connection) throws SQLException {
        control.setReadSavepoint(connection);
    }

    @Override
    public void releaseReadSavepoint(Connection connection) throws SQLException {
        control.releaseReadSavepoint(connection);
    }

    @Override
    public void undoReadSavepoint(Connection connection) throws SQLException {
        control.undoReadSavepoint(connection);
    }

    @Override
    public <K, V> OpenedWithStates<K, V> openFollower(
            Connection connection,
            int repository,
            Entry entry,
            List<String> keys,
            FollowerLimits limits,
            FoldedFind<K, V> find)
            throws SQLException {
        return control.openFollower(connection, repository, entry, keys, limits, find);
    }

    @Override
    public void copyFolded(
            Connection connection,
            int repository,
            Entry entry,
            List<String> keys,
            FollowerLimits limits,
            FoldedCopy copy)
            throws SQLException {
        control.copyFolded(connection, repository, entry, keys, limits, copy);
    }

    @Override
    public OpenedFollower openFollower(
            Connection connection, int repository, Entry entry, List<String> keys, FollowerLimits limits)
            throws SQLException {
        return control.openFollower(connection, repository, entry, keys, limits);
    }

    @Override
    public Map<String, List<Long>> openParents(
            Connection connection, int repository, List<String> keys, Side follower, FollowerLimits limits)
            throws SQLException {
        return control.openParents(connection, repository, keys, follower, limits);
    }

    @Override
    public void closeFollower(
            Connection connection, int repository, Entry entry, OpenedFollower opened, List<String> deferredConstraints)
            throws SQLException {
        control.closeFollower(connection, repository, entry, opened, deferredConstraints);
    }

    @Override
    public void rollbackFollower(Connection connection) throws SQLException {
        control.rollbackFollower(connection);
    }

    @Override
    public void undoFollower(Connection connection, int repository, Entry entry, List<String> keys, String reason)
            throws SQLException {
        control.undoFollower(connection, repository, entry, keys, reason);
    }

    @Override
    public void leave(Connection connection, int repository, Entry entry, List<String> keys, String reason)
            throws SQLException {
        control.leave(connection, repository, entry, keys, reason);
    }

    @Override
    public void mark(Connection connection, int repository, List<String> keys, Side right, String reason)
            throws SQLException {
        control.mark(connection, repository, keys, right, reason);
    }

    @Override
    public List<RepositoryState> move(Move move, LastKeys lastKeys) {
        return control.move(move, lastKeys);
    }

    @Override
    public void percent(PercentChange change) {
        control.percent(change);
    }

    @Override
    public void measure(Counts counts) {
        control.measure(counts);
    }

    @Override
    public GateFacts gateFacts(String repository) {
        return control.gateFacts(repository);
    }

    @Override
    public void attest(String repository, String what, Duration valid, String actor, String reason) {
        control.attest(repository, what, valid, actor, reason);
    }

    @Override
    public void routeLists(
            String repository, Collection<String> allow, Collection<String> deny, String actor, String reason) {
        control.routeLists(repository, allow, deny, actor, reason);
    }
}
