"""Counting: against a count done by hand on every small profile, and whoever votes in whatever order."""

from collections import Counter
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from assoc_intranet.polls.tally import count

OPTIONS = ("a", "b", "c")
ANSWERS = ("yes", "maybe", "no")
ONE_OF = [{option: "yes"} for option in OPTIONS]
ANY_OF = [dict(zip(OPTIONS, said, strict=True)) for said in product(ANSWERS, repeat=3)]
SOME_OF = [{o: "yes" for o, is_on in zip(OPTIONS, on, strict=True) if is_on} for on in product((0, 1), repeat=3)]

ballots = st.lists(st.dictionaries(st.sampled_from(OPTIONS), st.sampled_from(ANSWERS)), max_size=12)


def small_profiles(kinds):
    for voters in range(4):
        yield from product(kinds, repeat=voters)


def by_hand(profile, option, answer):
    return len([ballot for ballot in profile if ballot.get(option) == answer])


def check_by_hand(profile, abstention=None):
    tally = count(OPTIONS, profile, abstention)
    shown = [option for option in OPTIONS if option != abstention]
    abstained = by_hand(profile, abstention, "yes") if abstention else 0
    assert (tally.ballots, tally.abstentions, tally.counted) == (len(profile), abstained, len(profile) - abstained)
    assert [line.option for line in tally.lines] == shown
    for line in tally.lines:
        assert [line.yes, line.maybe, line.no] == [by_hand(profile, line.option, answer) for answer in ANSWERS]
        assert line.share == float(Fraction(line.yes, max(tally.counted, 1)))
    rank = {o: (by_hand(profile, o, "yes"), by_hand(profile, o, "maybe")) for o in shown}
    ahead = [o for o in shown if rank[o] > (0, 0) and all(rank[o] >= rank[other] for other in shown)]
    assert list(tally.leaders) == ahead
    assert tally.is_tie == (len(ahead) > 1)


def test_every_profile_of_three_voters_who_choose_one_of_three():
    for profile in small_profiles(ONE_OF):
        check_by_hand(profile)
        check_by_hand(profile, abstention="c")


def test_every_profile_of_three_voters_who_choose_several_of_three():
    for profile in small_profiles(SOME_OF):
        check_by_hand(profile)


def test_every_profile_of_three_voters_on_three_dates():
    for profile in small_profiles(ANY_OF):
        check_by_hand(profile)


@given(ballots, st.randoms(use_true_random=False))
def test_who_votes_first_plays_no_part(cast, chance):
    shuffled = chance.sample(cast, len(cast))
    assert count(OPTIONS, shuffled) == count(OPTIONS, cast)


@given(ballots, st.permutations(OPTIONS))
def test_no_option_is_favoured(cast, order):
    """Giving the options each other's votes gives them each other's results."""
    other = dict(zip(OPTIONS, order, strict=True))
    renamed = count(OPTIONS, [{other[o]: answer for o, answer in ballot.items()} for ballot in cast])
    tally = count(OPTIONS, cast)
    assert set(renamed.leaders) == {other[o] for o in tally.leaders}
    for line in tally.lines:
        same = renamed.line(other[line.option])
        assert (same.yes, same.maybe, same.no, same.share) == (line.yes, line.maybe, line.no, line.share)


@given(ballots)
def test_the_order_of_the_options_is_only_an_order(cast):
    tally, reversed_ = count(OPTIONS, cast), count(OPTIONS[::-1], cast)
    assert Counter(tally.lines) == Counter(reversed_.lines)
    assert set(tally.leaders) == set(reversed_.leaders)


@given(st.lists(st.sampled_from(OPTIONS), max_size=20))
def test_shares_of_single_choices_make_one_whole(chosen):
    tally = count(OPTIONS, [{option: "yes"} for option in chosen], abstention="c")
    total = sum(line.share for line in tally.lines)
    assert abs(total - (1 if tally.counted else 0)) < 1e-9


def test_equal_yes_are_parted_by_if_need_be():
    cast = [{"a": "yes", "b": "yes", "c": "no"}, {"a": "no", "b": "maybe", "c": "no"}]
    assert count(OPTIONS, cast).leaders == ("b",)


def test_an_equality_is_a_tie_and_stays_one():
    assert count(OPTIONS, [{"a": "yes"}, {"b": "yes"}]).leaders == ("a", "b")


def test_abstentions_alone_make_no_winner():
    tally = count(OPTIONS, [{"c": "yes"}], abstention="c")
    assert (tally.leaders, tally.counted, tally.is_tie) == ((), 0, False)
