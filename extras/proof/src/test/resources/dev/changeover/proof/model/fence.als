/*
 * The fence, the moves and the law of the copy, for one key in one database.
 *
 * What is modelled. Units are transactions under READ COMMITTED, each of which runs at most once and may end without a
 * commit at any point; a step is one statement. A unit names the value that it writes and the mark that it leaves, so
 * all values and all marks differ. Writers are routed writes, which may touch nothing (an UPDATE that finds no row), may
 * mark at any point of the follower's part, and may lose all to a savepoint of their caller. Strangers go round the
 * library and meet the sentinel; declarers go round it and say so afterwards, in the same transaction. Copiers are the
 * drain and the reseed, which may pause anywhere. Movers hold the fence exclusively and may converge the last marks.
 * Row locks are there: nobody writes a row that another open unit has written. Epochs are a path of stages, one step at
 * a time, forward or back, and every such path is looked at. DualWrite stands for DUAL_WRITE, SHADOW and RAMP, between
 * which nothing of all this changes but the epoch.
 *
 * What is not modelled: two databases, several keys and children (so neither deadlocks nor the order of key locks),
 * REPEATABLE READ and SERIALIZABLE callers (they are writers that always mark), reads and percentages, repositories
 * that depend on others, the rows that a backfill inserts, parked keys, instances and their leases, replay and
 * rehearsal, and everything about time: a wait that runs out is a unit that marks or ends.
 *
 * How it is checked. "sound_at_first" and "sound_ever_after" are a proof by induction, for runs of any length by as many
 * units as their scope names: what "sound" says is true in the beginning, every single step keeps it, and no step from
 * a sound state breaks a guarantee. Each Rule can be taken away by putting it into Off; then a schedule from the
 * beginning is played that breaks a guarantee. The "shown" schedules are runs in which things do happen.
 *
 * How to read a counterexample. The test prints one line for each step that changed something: which unit, from which
 * phase to which, and what is then committed on both sides, the marks, the epoch and its stage. Truth is the last state
 * that a caller was told is committed. The last line is the state that breaks the guarantee.
 */
module fence

open util/ordering[Epoch] as epochs

abstract sig Side {}
one sig Legacy, New extends Side {}

abstract sig Stage {}
one sig LegacyOnly, DualWrite, NewPrimary, NewOnly extends Stage {}

fun lead: Stage -> Side { (LegacyOnly + DualWrite) -> Legacy + (NewPrimary + NewOnly) -> New }
fun follower: Stage -> Side { DualWrite -> New + NewPrimary -> Legacy }
fun reach: Stage -> Stage {
  LegacyOnly -> DualWrite + DualWrite -> (LegacyOnly + DualWrite + NewPrimary)
    + NewPrimary -> (DualWrite + NewOnly) + NewOnly -> NewPrimary
}

sig Epoch { stage: one Stage }
fact { all e: Epoch | some e.next implies e.next.stage in e.stage.reach }

-- Rules of the protocol that can be taken away.
abstract sig Rule {}
one sig LockThenRead, KeyLock, MarksByIds, FencedCopy, EnterInTwoStatements, FencedStranger, EntryForgotten,
  MarksCounted, MarksCountedUnderFence, StaleStamp extends Rule {}
sig Off in Rule {}

abstract sig Phase {}
one sig Idle, Planned, Changed, Snapped, Fenced, Entered, Written, Locked, Seen, Read, ReadLocked, Copied, Marked,
  Counted, Closed, Converged, Done, Settled, Gone extends Phase {}
fun over: set Phase { Done + Settled + Gone }

-- A transaction. What it has written and marked is seen by others from its commit on.
abstract sig Unit {
  var phase: one Phase,
  var entered: lone Epoch,
  var own: Side -> lone Unit,
  var seen: set Unit,
  var copied: lone Unit
}
sig Writer extends Unit {}
abstract sig Outsider extends Unit { target: one Side }
sig Stranger, Declarer extends Outsider {}
abstract sig Copier extends Unit {}
sig Drain, Reseed extends Copier {}
sig Mover extends Unit {}
one sig Earlier, Earliest extends Unit {}

var sig Shared, Marking in Unit {}
var lone sig Exclusive, KeyHolder, Checkpoint in Unit {}
-- Whose statement is next; nobody's, and the run is at its end.
var lone sig Turn in Unit {}

one sig Db {
  var now: one Epoch,
  var rows: Side -> one Unit,
  var marks: set Unit,
  var stale: lone Side,
  var truth: one Unit
}

fun leadNow: Side { Db.now.stage.lead }
fun followerNow: set Side { Db.now.stage.follower }
fun leadOf[u: Unit]: Side { u.entered.stage.lead }
fun followerOf[u: Unit]: set Side { u.entered.stage.follower }
fun view[u: Unit, s: Side]: Unit { some u.own[s] => u.own[s] else Db.rows[s] }
pred rowIsFree[u: Unit, s: Side] { all x: Unit - u | no x.own[s] }

-- Frames

pred sameData {
  Db.now' = Db.now and Db.rows' = Db.rows and Db.marks' = Db.marks and Db.stale' = Db.stale and Db.truth' = Db.truth
  Checkpoint' = Checkpoint
}
pred sameFence { Shared' = Shared and Exclusive' = Exclusive }
pred sameLocks { sameFence and KeyHolder' = KeyHolder }
pred sameEntry[u: Unit] { u.entered' = u.entered }
pred sameWork[u: Unit] { u.own' = u.own and Marking' = Marking and sameSight[u] }
pred sameSight[u: Unit] { u.seen' = u.seen and u.copied' = u.copied }
pred to[u: Unit, p: Phase] { u.phase' = p }

pred same[u: Unit] {
  u.phase' = u.phase and u.entered' = u.entered and u.own' = u.own and u.seen' = u.seen and u.copied' = u.copied
}

pred nothingHeld[u: Unit] {
  Shared' = Shared - u and Exclusive' = Exclusive - u and KeyHolder' = KeyHolder - u and Marking' = Marking - u
  no u.own' and no u.seen' and no u.copied'
}

-- The fence

-- A copy begins at an epoch, long before it enters.
pred plan[u: Copier] {
  u.phase = Idle and to[u, Planned] and u.entered' = Db.now
  sameData and sameLocks and sameWork[u]
}

-- Without the rule the stage is read with the snapshot from before the wait for the lock.
pred snapshot[u: Writer] {
  EnterInTwoStatements in Off and u.phase = Idle and to[u, Snapped] and u.entered' = Db.now
  sameData and sameLocks and sameWork[u]
}

pred goesUnfenced[u: Unit] {
  (u in Copier and FencedCopy in Off) or (u in Stranger and FencedStranger in Off)
}

pred takeFence[u: Unit] {
  u in Copier implies u.phase = Planned
  u in Stranger implies u.phase = Idle
  u in Declarer implies u.phase = Changed
  u in Writer implies u.phase = (EnterInTwoStatements in Off => Snapped else Idle)
  u not in Mover
  goesUnfenced[u] implies Shared' = Shared else (no Exclusive and Shared' = Shared + u)
  to[u, u.phase = Snapped => Entered else Fenced]
  Exclusive' = Exclusive and KeyHolder' = KeyHolder
  sameData and sameEntry[u] and sameWork[u]
}

pred readStage[u: Unit] {
  u.phase = Fenced and to[u, Entered] and u.entered' = Db.now
  u in Copier implies (u.entered = Db.now or FencedCopy in Off)
  sameData and sameLocks and sameWork[u]
}

-- A copy that is not fenced does not look at the epoch again either.
pred skipStage[u: Copier] {
  FencedCopy in Off and u.phase = Fenced and to[u, Entered] and sameEntry[u]
  sameData and sameLocks and sameWork[u]
}

-- A caller rolls back to its own savepoint: everything since is gone, the lock of the fence too.
pred toSavepoint[u: Writer] {
  u.phase in Fenced + Entered + Written + Locked + Seen + Read + ReadLocked + Copied + Marked
  sameData and nothingHeld[u]
  EntryForgotten in Off and u.phase != Fenced
    implies (to[u, Entered] and sameEntry[u])
    else (to[u, Idle] and no u.entered')
}

-- Writes

pred write[u: Writer] {
  u.phase = Entered and to[u, Written]
  (u.own' = leadOf[u] -> u and rowIsFree[u, leadOf[u]]) or no u.own'
  Marking' = Marking
  sameData and sameLocks and sameEntry[u] and sameSight[u]
}

-- Follows wherever the follower's part ends: back to its savepoint, and a mark.
pred mark[u: Writer] {
  u.phase in Written + Locked + Seen + Read + ReadLocked + Copied and some followerOf[u] and to[u, Marked]
  u.own' = leadOf[u] <: u.own and no u.seen' and no u.copied'
  KeyHolder' = KeyHolder - u and Marking' = Marking + u
  sameData and sameFence and sameEntry[u]
}

-- The sentinel refuses on a side that does not lead; such a unit can only end.
pred writeStrangely[u: Stranger] {
  u.phase = Entered and to[u, Marked] and u.target = leadOf[u] and rowIsFree[u, u.target]
  u.own' = u.target -> u and Marking' = Marking + (some followerOf[u] => u else none)
  sameData and sameLocks and sameEntry[u] and sameSight[u]
}

pred change[u: Declarer] {
  u.phase = Idle and to[u, Changed] and rowIsFree[u, u.target]
  u.own' = u.target -> u and Marking' = Marking
  sameData and sameLocks and sameEntry[u] and sameSight[u]
}

pred declare[u: Declarer] {
  u.phase = Entered and to[u, Marked] and u.target = leadOf[u]
  u.own' = u.own and Marking' = Marking + (some followerOf[u] => u else none)
  sameData and sameLocks and sameEntry[u] and sameSight[u]
}

-- The law of the copy

fun unlocked[u: Unit]: Phase { u in Writer => Written else Entered }
fun beforeLock[u: Unit]: Phase { LockThenRead in Off => Read else unlocked[u] }
fun beforeSight[u: Unit]: Phase { LockThenRead in Off => unlocked[u] else Locked }
fun beforeCopy: Phase { LockThenRead in Off => ReadLocked else Read }

pred lock[u: Writer + Copier] {
  u.phase = beforeLock[u] and some followerOf[u] and to[u, LockThenRead in Off => ReadLocked else Locked]
  KeyLock in Off implies KeyHolder' = KeyHolder else (no KeyHolder and KeyHolder' = u)
  sameData and sameFence and sameEntry[u] and sameWork[u]
}

pred see[u: Writer + Copier] {
  u.phase = beforeSight[u] and some followerOf[u] and to[u, Seen]
  u.seen' = Db.marks and u.copied' = u.copied and u.own' = u.own and Marking' = Marking
  sameData and sameLocks and sameEntry[u]
}

pred read[u: Writer + Copier] {
  u.phase = Seen and to[u, Read]
  u.copied' = view[u, leadOf[u]] and u.seen' = u.seen and u.own' = u.own and Marking' = Marking
  sameData and sameLocks and sameEntry[u]
}

pred copy[u: Writer + Copier] {
  u.phase = beforeCopy and to[u, Copied] and rowIsFree[u, followerOf[u]]
  u.own' = u.own + followerOf[u] -> u.copied and Marking' = Marking
  sameData and sameLocks and sameEntry[u] and sameSight[u]
}

pred mayCommit[u: Unit] {
  u.phase in Copied + Marked or (u in Writer and u.phase = Written and no followerOf[u])
}

pred commit[u: Unit - Mover] {
  mayCommit[u] and to[u, Done] and sameEntry[u] and nothingHeld[u]
  Db.now' = Db.now and Db.stale' = Db.stale
  Db.rows' = Db.rows ++ u.own
  Db.marks' = Db.marks - cleared[u] + (u & Marking)
  Db.truth' = ((u in Copier or no u.own[leadOf[u]]) => Db.truth else u.own[leadOf[u]])
  Checkpoint' = (u in Reseed => u else Checkpoint)
}

-- Exactly the marks that were seen under the lock, not all that the key has by now.
fun cleared[u: Unit]: set Unit { MarksByIds in Off and u.phase = Copied => Db.marks else u.seen }

-- The side has every key again; earned by a finished job, at its epoch.
pred settle[u: Reseed] {
  u.phase = Done and to[u, Settled] and some Checkpoint and u.entered = Db.now
  Db.stale = followerNow and no Db.stale'
  Db.now' = Db.now and Db.rows' = Db.rows and Db.marks' = Db.marks and Db.truth' = Db.truth
  Checkpoint' = Checkpoint
  sameLocks and sameEntry[u] and sameWork[u]
}

pred end[u: Unit] {
  u.phase not in over + Idle and to[u, Gone]
  sameData and sameEntry[u] and nothingHeld[u]
}

-- Moves

-- Without the rule the marks are counted before the fence is closed.
pred countEarly[u: Mover] {
  MarksCountedUnderFence in Off and u.phase = Idle and to[u, Counted] and no Db.marks
  sameData and sameLocks and sameEntry[u] and sameWork[u]
}

pred closeFence[u: Mover] {
  u.phase = (MarksCountedUnderFence in Off => Counted else Idle)
  to[u, Closed] and no Exclusive and no Shared and some Db.now.next
  Exclusive' = u and Shared' = Shared and KeyHolder' = KeyHolder and u.entered' = Db.now
  sameData and sameWork[u]
}

fun after_: Stage { Db.now.next.stage }
pred authorityMoves { leadNow != after_.lead }
fun sideLeft: set Side { followerNow - after_.lead - after_.follower }

pred convergeLast[u: Mover] {
  u.phase = Closed and to[u, Converged] and authorityMoves and no KeyHolder and rowIsFree[u, followerNow]
  KeyHolder' = u and u.seen' = Db.marks and u.copied' = Db.rows[leadNow]
  u.own' = followerNow -> Db.rows[leadNow] and Marking' = Marking
  sameData and sameFence and sameEntry[u]
}

pred losesNothing[u: Mover] {
  no Db.stale
  Db.marks in u.seen or MarksCounted in Off or MarksCountedUnderFence in Off
}

pred move[u: Mover] {
  u.phase in Closed + Converged and to[u, Done] and sameEntry[u] and nothingHeld[u]
  authorityMoves implies losesNothing[u]
  Db.now' = Db.now.next
  Db.rows' = Db.rows ++ u.own
  Db.truth' = Db.truth
  Db.marks' = (some sideLeft => none else Db.marks - u.seen)
  Db.stale' = (some sideLeft and StaleStamp not in Off => sideLeft else Db.stale)
  Checkpoint' = (some sideLeft => none else Checkpoint)
}

-- Runs

pred fenceStep[u: Unit] {
  (u in Copier and (plan[u] or skipStage[u])) or (u in Writer and (snapshot[u] or toSavepoint[u]))
    or takeFence[u] or readStage[u]
}
pred writeStep[u: Unit] {
  (u in Writer and (write[u] or mark[u])) or (u in Stranger and writeStrangely[u])
    or (u in Declarer and (change[u] or declare[u]))
}
pred copyStep[u: Unit] { u in Writer + Copier and (lock[u] or see[u] or read[u] or copy[u]) }
pred moveStep[u: Unit] { u in Mover and (countEarly[u] or closeFence[u] or convergeLast[u] or move[u]) }
pred endStep[u: Unit] { (u not in Mover and commit[u]) or (u in Reseed and settle[u]) or end[u] }

pred act[u: Unit] { fenceStep[u] or writeStep[u] or copyStep[u] or moveStep[u] or endStep[u] }
pred rest { sameData and sameLocks and Marking' = Marking }
pred step {
  no Turn & (Earlier + Earliest)
  no Turn implies rest
  all u: Unit | u in Turn implies act[u] else same[u]
}

-- Nobody is active, and what was guaranteed holds: equal sides, or a mark, or a side that is known to be stale.
pred init {
  all u: Unit | u.phase = (u in Earlier + Earliest => Done else Idle) and no u.entered and no u.own and no u.seen and no u.copied
  no Shared and no Marking and no Exclusive and no KeyHolder and no Checkpoint
  Db.marks in Earlier and Db.rows[Side] in Earlier + Earliest
  stampFits and g1
}
pred stampFits {
  Db.stale in Side - leadNow
  no followerNow implies (some Db.stale and no Db.marks and no Checkpoint)
}
pred behaviour { init and always (step and (no Turn implies always no Turn)) }

-- Guarantees

-- What a caller saw succeed is on the authority, and on the follower or marked.
pred g1 {
  Db.rows[leadNow] = Db.truth
  some followerNow and no Db.marks and no Db.stale implies Db.rows[followerNow] = Db.truth
}
-- When writes have stopped and the marks are drained, both sides are equal.
pred g2 {
  (all u: Unit | u.phase in over + Idle) and no Db.marks and no Db.stale and some followerNow
    implies Db.rows[Legacy] = Db.rows[New]
}
pred commits[u: Unit] { u.phase not in over and u.phase' = Done }
-- Nobody commits under a stage that has been left.
pred g4 { all u: Unit | commits[u] implies u.entered = Db.now }
-- What goes round the library is refused, or on the side that leads and marked.
pred g7 {
  all u: Outsider | commits[u] implies
    (u.target = leadNow and Db.rows'[leadNow] = u and (some followerNow implies u in Db.marks'))
}
-- A side takes the lead only if it lacks nothing, forward and back.
pred g8 { Db.now'.stage.lead != leadNow implies (no Db.stale and Db.rows'[Db.now'.stage.lead] = Db.truth) }

pred guaranteed { g1 and g2 and g4 and g7 and g8 }

-- What every step keeps

fun holding: set Phase { Locked + Seen + Read + Copied }

pred phasesFit {
  all u: Earlier + Earliest | u.phase = Done
  all u: Writer | u.phase in Idle + Fenced + Entered + Written + holding + Marked + Done + Gone
  all u: Stranger | u.phase in Idle + Fenced + Entered + Marked + Done + Gone
  all u: Declarer | u.phase in Idle + Changed + Fenced + Entered + Marked + Done + Gone
  all u: Copier | u.phase in Idle + Planned + Fenced + Entered + holding + Done + Settled + Gone
  all u: Mover | u.phase in Idle + Closed + Converged + Done + Gone
  all u: Unit - Reseed | u.phase != Settled
}

-- Who is past the fence holds it, and its stage is the present one.
pred fenceHolds {
  Shared = { u: Unit - Mover | u.phase in Fenced + Entered + Written + holding + Marked }
  Exclusive = { u: Mover | u.phase in Closed + Converged }
  some Exclusive implies no Shared
  all u: Unit | u.phase in Entered + Written + holding + Marked + Closed + Converged implies u.entered = Db.now
  all u: Copier | u.phase in holding implies some followerNow
  all u: Writer | u.phase in holding + Marked implies some followerNow
  some Exclusive implies some Db.now.next
  all u: Mover | u.phase = Converged implies authorityMoves and some followerNow
}

pred keyLockHolds { KeyHolder = { u: Unit | u.phase in holding + Converged } }

-- What is written and not committed: one open unit a row, and the rows that its phase allows.
pred rowsFit {
  all s: Side | lone u: Unit | some u.own[s]
  all u: Writer | u.phase not in Written + holding + Marked implies no u.own
  all u: Writer | u.phase in Written + holding + Marked implies u.own[leadNow] in u
  all u: Writer | u.phase in Written + holding + Marked implies u.own in leadNow -> Unit + (followerNow -> u.copied)
  all u: Writer + Copier | u.phase = Copied implies u.own[followerNow] = u.copied and some u.copied
  all u: Writer + Copier | u.phase != Copied implies no u.own[Side - leadNow]
  all u: Copier | u.phase != Copied implies no u.own
  all u: Copier | no u.own[leadNow]
  all u: Stranger | u.own = (u.phase = Marked => u.target -> u else none -> none)
  all u: Declarer | u.own = (u.phase in Changed + Fenced + Entered + Marked => u.target -> u else none -> none)
  all u: Outsider | u.phase = Marked implies u.target = leadNow
  all u: Mover | u.own = (u.phase = Converged => followerNow -> Db.rows[leadNow] else none -> none)
  all u: Earlier + Earliest | no u.own
}

pred marksFit {
  Marking = { u: Writer + Outsider | u.phase = Marked and some followerNow }
  all u: Unit | u.phase not in Done + Settled implies u not in Db.marks + Unit.seen + Db.rows[Side] + Db.truth
  all u: Unit | u.phase not in Seen + Read + Copied + Converged implies no u.seen
  all u: Mover | u.phase = Converged implies Db.marks in u.seen
}

-- Nobody has read what is not committed, but his own.
pred readsAreCommitted {
  all u: Unit | (u.copied - (u & Writer)).phase in Done + Settled
  all u: Unit | u.phase in over + Idle implies no u.copied
}

-- What a holder of the key has read is the present state, or its own, or a mark came that it has not seen.
pred sightFits {
  all u: Writer + Copier | u.phase in Read + Copied implies one u.copied
  all u: Unit | u.phase in Read + Copied implies
    u.copied = view[u, leadNow] or some Db.marks - u.seen
}

pred checkpointFits { some Checkpoint and some followerNow and no Db.marks implies Db.rows[followerNow] = Db.truth }

pred sound {
  phasesFit and fenceHolds and keyLockHolds and rowsFit and marksFit and readsAreCommitted and sightFits and stampFits and checkpointFits and g1
}

-- Proved

check sound_at_first { init implies sound }
  for 0 but exactly 2 Writer, exactly 1 Stranger, exactly 1 Declarer, exactly 1 Drain, exactly 1 Reseed, exactly 1 Mover, exactly 3 Epoch, 1..1 steps
check sound_ever_after { sound and no Off and step implies (guaranteed and after sound) }
  for 0 but exactly 2 Writer, exactly 1 Stranger, exactly 1 Declarer, exactly 1 Drain, exactly 1 Reseed, exactly 1 Mover, exactly 3 Epoch, 2..2 steps

-- Played: schedules, as the order in which units have their turn. A schedule breaks a guarantee without its rule.

pred w { some Turn & Writer }
pred d { some Turn & Drain }
pred r { some Turn & Reseed }
pred s { some Turn & Stranger }
pred m { some Turn & Mover }

pred straight { always all u: Turn | u.phase' not in Gone + Idle }
pred breaks[rule: Rule] { behaviour and straight and Off = rule and eventually not guaranteed }
pred plays { behaviour and straight and no Off }

run no_key_lock { breaks[KeyLock] and (d; d; d; d; d; d; w; w; w; w; w; w; w; w; d; d) }
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 1 Drain, exactly 0 Reseed, exactly 0 Mover, exactly 1 Epoch, 18..18 steps
run read_then_lock { breaks[LockThenRead] and (d; d; d; d; d; w; w; w; w; w; w; w; w; d; d; d) }
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 1 Drain, exactly 0 Reseed, exactly 0 Mover, exactly 1 Epoch, 18..18 steps
run marks_deleted_by_key { breaks[MarksByIds] and (d; d; d; d; d; d; w; w; w; w; w; d; d) }
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 1 Drain, exactly 0 Reseed, exactly 0 Mover, exactly 1 Epoch, 15..15 steps
run unfenced_copy { breaks[FencedCopy] and (d; m; m; m; w; w; w; w; w; d; d; d; d; d; d; d) }
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 1 Drain, exactly 0 Reseed, exactly 1 Mover, exactly 2 Epoch, 18..18 steps
run enter_one_statement { breaks[EnterInTwoStatements] and (w; m; m; w; w; w; w) }
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 1 Mover, exactly 2 Epoch, 9..9 steps
run foreign_in_flight { breaks[FencedStranger] and (s; s; s; m; m; s) }
  for 0 but exactly 0 Writer, exactly 1 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 1 Mover, exactly 2 Epoch, 8..8 steps
run entry_remembered { breaks[EntryForgotten] and (w; w; w; m; m; w; w; w) }
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 1 Mover, exactly 2 Epoch, 10..10 steps
run marks_not_counted { breaks[MarksCounted] and (m; m) }
  for 0 but exactly 0 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 1 Mover, exactly 2 Epoch, 4..4 steps
run marks_counted_before_the_fence { breaks[MarksCountedUnderFence] and (m; w; w; w; w; w; m; m) }
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 1 Mover, exactly 2 Epoch, 10..10 steps
run side_left_without_a_stamp { breaks[StaleStamp] and (m; m; w; w; w; w; m; m) }
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 2 Mover, exactly 3 Epoch, 10..10 steps

-- Shown: nothing holds only because nothing moves.

run shown_live_copy {
  plays
  some Db.marks and Db.rows[Legacy] != Db.rows[New]
  eventually (Db.rows[Legacy] + Db.rows[New] in Writer and no Db.marks)
  (w; w; w; w; w; w; w; w)
}
  for 0 but exactly 1 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 0 Mover, exactly 1 Epoch, 10..10 steps
run shown_drain {
  plays
  some Db.marks and Db.rows[Legacy] != Db.rows[New]
  eventually (no Db.marks and Db.rows[Legacy] = Db.rows[New])
  (d; d; d; d; d; d; d; d)
}
  for 0 but exactly 0 Writer, exactly 0 Stranger, 0 Declarer, exactly 1 Drain, exactly 0 Reseed, exactly 0 Mover, exactly 1 Epoch, 10..10 steps
run shown_flip_that_converges_the_last_marks {
  plays
  some Db.marks and eventually leadNow = New and leadNow = Legacy
  (m; m; m)
}
  for 0 but exactly 0 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 1 Mover, exactly 2 Epoch, 5..5 steps
run shown_flip_back {
  plays
  leadNow = New and eventually leadNow = Legacy
  (m; m)
}
  for 0 but exactly 0 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 1 Mover, exactly 2 Epoch, 4..4 steps
run shown_foreign_write {
  plays
  no Db.marks and eventually (Db.rows[leadNow] in Stranger and some Db.marks)
  (s; s; s; s)
}
  for 0 but exactly 0 Writer, exactly 1 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 0 Mover, exactly 1 Epoch, 6..6 steps
run shown_way_to_new {
  plays
  Db.now.stage = LegacyOnly and Db.rows[Legacy] != Db.rows[New] and eventually leadNow = New
  (m; m; r; r; r; r; r; r; r; r; r; m; m)
}
  for 0 but exactly 0 Writer, exactly 0 Stranger, 0 Declarer, exactly 0 Drain, exactly 1 Reseed, exactly 2 Mover, exactly 3 Epoch, 15..15 steps
run shown_refusal {
  behaviour and no Off and eventually (some u: Stranger | u.phase = Gone and u.target != leadNow)
  (s; s; s)
}
  for 0 but exactly 0 Writer, exactly 1 Stranger, 0 Declarer, exactly 0 Drain, exactly 0 Reseed, exactly 0 Mover, exactly 1 Epoch, 5..5 steps
