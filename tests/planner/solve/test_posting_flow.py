"""The flow over given ways: its worths prove it or refuse it, and guesses that are wrong are not believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import posting_flow
from planner.solve.posting_flow import LARGEST, cheapest, send, worths
from planner.solve.posting_graph import FAR, NO_WAYS, Graph, Guess, Ways, Worths, graph
from planner.solve.posting_network import NEVER, Network
from planner.solve.posting_start import guesses
from tests.planner.solve.posting_cases import STEP, answer, check, dense, every_way, land


def nothing(network: Network, person: int = 0) -> Worths:
    n, h, m, u = len(network.seats.supply), network.hubs, network.slots, len(network.seats.unit_cap)
    return Worths(np.full(n, person), *(np.zeros(k, np.int64) for k in (h, m, u)))


def whole(seed: int) -> Graph:
    network = land(seed, units=True, stays=True).network()
    return graph(network, every_way(network))


def test_a_flow_that_a_better_seat_outbids_is_refused() -> None:
    """One person, two seats worth 3,000 and 1,000: at the second, the first is worth more; at home, both are."""
    gains = {"must_gain": [3_000, 9_000], "further_gain": [1_000, 1_000]}
    network = dense(np.zeros((1, 2)), [1], [1, 0], [0, 1], **gains).network()
    of = graph(network, every_way(network))
    known, _ = worths(of, send(of))
    assert of.flow(send(of)).filled.tolist() == [[1, 0], [0, 0]]
    assert (known.person.tolist(), known.slot.tolist()) == ([1_000], [1_000, 1_000])
    better = replace(
        of, cost=np.where(of.cost == -3_000, 3_000, of.cost)
    )  # as if the first seat were worth nothing
    home = replace(better, cost=np.abs(better.cost))
    for other, filled in ((better, [[0, 0], [0, 1]]), (home, [[0, 0], [0, 0]])):
        worse = send(other)
        assert of.flow(worse).filled.tolist() == filled
        with pytest.raises(ArithmeticError, match="not the cheapest"):
            worths(of, worse)


def test_two_who_had_better_change_places_are_refused() -> None:
    """All seats are taken and nobody is at home: the cycle of the exchange does not pass the sink."""
    network = dense(np.array([[0, 5], [5, 0]]), [1, 1], [1, 1], [0, 0]).network()
    of = graph(network, every_way(network))
    ways = len(network.offer_cost) + np.arange(4)
    crosswise = send(replace(of, cost=np.where(np.isin(np.arange(len(of.cost)), ways), 5 - of.cost, of.cost)))
    assert of.cost @ crosswise == of.cost @ send(of) + 10
    with pytest.raises(ArithmeticError, match="not the cheapest"):
        worths(of, crosswise)


@given(st.integers(0, 10_000))
def test_worths_are_there_exactly_for_cheapest_flows(seed: int) -> None:
    """The best flow under other costs is refused exactly where it is dearer under the true ones."""
    of = whole(seed)
    found = send(of)
    known, _ = worths(of, found)
    node = np.concatenate([known.person, known.hub, known.slot, known.unit, [0]])
    reduced = of.cost + node[of.tail] - node[of.head]
    some = (np.minimum(node[of.tail], node[of.head]) > -FAR) & ~(
        (of.tail >= len(node) - 3) & (node[of.head] == 0)
    )
    assert (
        reduced[(found < of.room) & some] >= 0
    ).all()  # a class that its unit holds back is worth 0 at least
    assert (reduced[found > 0] <= 0).all() and (known.person >= 0).all()
    other = np.random.default_rng(seed).permutation(of.cost[: of.optional])
    flow = send(replace(of, cost=np.concatenate([other, of.cost[of.optional :] // 50_000])))
    if of.cost @ flow == of.cost @ found:
        worths(of, flow)
    else:
        with pytest.raises(ArithmeticError, match="not the cheapest"):
            worths(of, flow)


def test_a_guess_that_was_cut_off_too_low_is_refused() -> None:
    """Cut off at 1 all costs are alike: the wrong person is sent. The next guess is confirmed, none is none."""
    network = dense(np.array([[9], [2]]), [1, 1], [1], [0]).network()
    of = graph(network, every_way(network))
    low, wide = Guess(nothing(network, 8), 1), Guess(nothing(network), 10 * STEP)
    found = cheapest(of, iter([low, wide]))
    flow, known = of.flow(found.arcs), of.worths(found.nodes)
    assert found.guess is wide and flow.released.tolist() == [0, 1] and known.slot.tolist() == [2]
    with pytest.raises(ArithmeticError, match="no guess"):
        cheapest(of, iter([low]))


@given(st.integers(0, 10_000), st.sampled_from([1, 40, 3_000]))
def test_from_any_guess_the_flow_is_the_cheapest(seed: int, most: int) -> None:
    of = whole(seed)
    rng = np.random.default_rng(seed)
    wrong = nothing(of.network)
    wrong = Worths(
        *(rng.integers(-STEP, STEP, len(getattr(wrong, k))) for k in ("person", "hub", "slot", "unit"))
    )
    flow = of.flow(cheapest(of, guesses(of.network, of.ways, Guess(wrong, most))).arcs)
    arcs = np.concatenate([flow.offers, flow.ways, flow.stays, flow.filled.ravel()])
    assert of.cost[: len(arcs)] @ arcs == of.cost @ send(of)
    n, stays = len(flow.released), of.network.stays
    sent = [
        np.bincount(c, x, n) for c, x in ((of.network.offer_class, flow.offers), (stays.of_class, flow.stays))
    ]
    assert np.array_equal(flow.released, sum(sent))


@given(st.integers(0, 10_000))
def test_from_the_worths_of_the_optimum_the_signs_alone_lead_there(seed: int) -> None:
    """Cut off at 1, reduced costs say only which arcs are too dear, which cheap: with true worths that is enough."""
    of = whole(seed)
    known, _ = worths(of, send(of))
    guess = Guess(known, 1)
    assert cheapest(of, iter([guess])).guess is guess


def test_a_first_guess_that_is_wrong_leads_to_wider_ones_and_to_the_order_of_seats() -> None:
    """The last guess is as wide as the solver takes, though gains are wider."""
    huge = {"must_gain": [2**58, 2**57, 2**57], "further_gain": [2**56] * 3}
    network = dense(np.array([[9, 1, 1]]), [1], [1, 1, 0], [0, 0, 0], **huge).network()
    of = graph(network, every_way(network))
    listed = list(guesses(network, of.ways, Guess(nothing(network, 7), 1)))
    assert [g.most for g in listed[:3]] == [1, 16, 3 * 10] and listed[-1].most == LARGEST // len(of.supply)
    worth = listed[2].worths.slot
    assert worth[:2].tolist() == [2**57] * 2  # the one person would leave the other seat
    assert worth[2] < -(2**58)  # nothing leads on from there
    assert of.flow(send(of, listed[-1])).filled[0].tolist() == [1, 0, 0]
    with pytest.raises(ArithmeticError, match="min-cost flow"):
        send(replace(of, cost=of.cost * 4))


def test_a_chain_of_exchanges_that_is_longer_than_the_first_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person more fills the last seat by moving all others on: 40 links, while a first guess may take 10 sweeps."""
    cost = np.full((40, 41), NEVER)
    cost[np.arange(40), np.arange(40)], cost[np.arange(40), np.arange(40) + 1] = 0, 1
    case = dense(cost, [1] * 40, [1] * 41, [0] * 41)
    network = case.network()
    of = graph(network, every_way(network))
    assert cheapest(of, guesses(network, of.ways, Guess(nothing(network), 4 * STEP))).sweeps > 80
    monkeypatch.setattr(posting_flow, "SWEEPS", 10)
    with pytest.raises(ArithmeticError):
        cheapest(of, iter([Guess(nothing(network), 4 * STEP)]))
    assert check(case, answer(case.arrays)) == 3 * STEP


def test_ways_join_once() -> None:
    one = Ways(np.array([0, 2]), np.array([1, 0]), np.array([7, 8]))
    more = Ways(np.array([2, 1, 1, 0]), np.array([0, 1, 1, 0]), np.array([8, 9, 9, 6]))
    found = one.plus(more)
    assert np.stack([found.hub, found.slot, found.cost]).T.tolist() == [
        [0, 1, 7],
        [2, 0, 8],
        [0, 0, 6],
        [1, 1, 9],
    ]
    assert len(NO_WAYS.plus(NO_WAYS).cost) == 0


@given(st.integers(0, 10_000), st.integers(0, 3))
def test_what_is_there_can_stay_however_low_the_guess_is_cut_off(seed: int, most: int) -> None:
    """Sent again in any window from any flow: no arc that people are on is left out."""
    case = land(seed, units=True, stays=True)
    rng = np.random.default_rng(seed)
    network = case.network()
    of = graph(network, every_way(network))
    base = send(replace(of, cost=rng.integers(0, 50, len(of.cost))))
    worths_now = of.worths(rng.integers(-90, 90, len(of.supply)))
    moving = rng.random(len(of.tail)) < 0.7
    found = send(of, Guess(worths_now, most), base, moving)
    assert np.array_equal(found[~moving], base[~moving]) and (found <= of.room).all()
    assert not (posting_flow.divergence(of, found) - of.supply).any()


@given(st.integers(0, 10_000))
def test_more_ways_leave_the_ends_sorted(seed: int) -> None:
    """A graph that grew by some ways is the one of all of them, whether its arcs had been sorted or not."""
    network = land(seed, units=True, stays=True).network()
    every = every_way(network)
    some = np.random.default_rng(seed).random(len(every.cost)) < 0.5
    first = graph(network, Ways(every.hub[some], every.slot[some], every.cost[some]))
    plain = first.plus(every)
    assert "ends" not in vars(plain)  # nobody had asked for them
    assert len(first.ends.start) == 2 * len(first.tail)
    grown = first.plus(every)
    assert "ends" in vars(grown)
    for key in ("tail", "head", "room", "cost", "supply"):
        assert np.array_equal(getattr(grown, key), getattr(plain, key))
    mine, right = vars(grown)["ends"], plain.ends
    for key in ("outer", "start", "end", "length"):
        assert np.array_equal(getattr(mine, key), getattr(right, key))
    assert np.array_equal(np.sort(mine.inner), np.sort(right.inner))
    assert (np.diff(mine.start[mine.inner]) >= 0).all()
