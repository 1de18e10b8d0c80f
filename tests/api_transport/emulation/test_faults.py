"""Fault rules: which request suffers which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_transport.emulation import BadRule, Fault, FaultKind, FaultRule, FaultRules, Match

LOST = Fault(kind=FaultKind.REPLY_LOST)


def suffering(rule: FaultRule, requests: int) -> list[int]:
    """Which of so many equal requests suffer, counted from 1."""
    rules = FaultRules()
    rules.add(rule)
    return [n for n in range(1, requests + 1) if rules.take("POST", "/things", "")]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (FaultRule(fault=LOST), [1]),
        (FaultRule(fault=LOST, times=3), [1, 2, 3]),
        (FaultRule(fault=LOST, times=None), [1, 2, 3, 4, 5, 6, 7, 8]),
        (FaultRule(fault=LOST, skip=2), [3]),
        (FaultRule(fault=LOST, every=3, times=None), [3, 6]),
        (FaultRule(fault=LOST, skip=1, every=3, times=None), [4, 7]),
        (FaultRule(fault=LOST, skip=2, every=2, times=2), [4, 6]),
    ],
)
def test_a_rule_counts_what_matches(rule: FaultRule, expected: list[int]) -> None:
    """Skipped ones come first, then each n-th suffers, until the rule has done its times."""
    assert suffering(rule, 8) == expected


@given(skip=st.integers(0, 20), every=st.integers(1, 7), times=st.none() | st.integers(1, 7))
def test_the_numbers_of_a_rule_mean_what_they_say(skip: int, every: int, times: int | None) -> None:
    """The sufferers are every n-th after the skipped, and no more than told."""
    rule = FaultRule(fault=LOST, skip=skip, every=every, times=times)

    assert suffering(rule, 60) == list(range(skip + every, 61, every))[:times]


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (Match(), True),
        (Match(method="POST"), True),
        (Match(method="GET"), False),
        (Match(path="/connect/v3"), True),
        (Match(path="/v3"), False),
        (Match(path_exact="/connect/v3/bills"), True),
        (Match(path_exact="/connect/v3"), False),
        (Match(body_contains="INV-7"), True),
        (Match(body_contains="INV-8"), False),
        (Match(method="POST", path="/connect", body_contains="INV-8"), False),
    ],
)
def test_a_rule_fits_when_all_it_names_does(match: Match, *, fits: bool) -> None:
    """Method, beginning of the path, whole path and a piece of the body narrow one another."""
    assert match.fits("POST", "/connect/v3/bills", '{"number": "INV-7"}') is fits


def test_requests_of_others_are_not_counted() -> None:
    """Only what matches uses up what is skipped."""
    rules = FaultRules()
    rules.add(FaultRule(fault=LOST, match=Match(method="POST"), skip=1))
    taken = [rules.take(method, "/", "") for method in ("GET", "POST", "GET", "POST")]

    assert taken == [None, None, None, LOST]


def test_the_first_rule_that_is_due_is_taken() -> None:
    """A rule that is used up, or not due yet, leaves the request to the next."""
    rules = FaultRules()
    late = Fault(kind=FaultKind.DELAY, seconds=1)
    rules.add(FaultRule(fault=LOST))
    rules.add(FaultRule(fault=late, times=None))
    taken = [rules.take("GET", "/", "") for _ in range(3)]

    assert taken == [LOST, late, late]


def test_rules_are_told_with_what_they_did() -> None:
    """A test can see whether its fault has struck; numbers are not used again."""
    rules = FaultRules()
    first = rules.add(FaultRule(fault=LOST, skip=1))
    for _ in range(4):
        rules.take("GET", "/", "")
    told = [(rule.number, rule.matched, rule.fired) for rule in rules.standing()]
    rules.clear()
    second = rules.add(FaultRule(fault=LOST))

    assert told == [(first, 4, 1)]
    assert [rule.number for rule in rules.standing()] == [second]
    assert second != first


def test_a_rule_is_read_from_json() -> None:
    """The JSON form has the words of the rule; header values may be numbers."""
    rule = FaultRule.from_json(
        {
            "match": {"method": "POST", "path": "/connect/v3/bills", "body_contains": "INV-7"},
            "skip": 1,
            "times": None,
            "every": 2,
            "fault": {"kind": "status", "status": 429, "headers": {"Retry-After": 2}},
        }
    )

    assert rule == FaultRule(
        match=Match(method="POST", path="/connect/v3/bills", body_contains="INV-7"),
        skip=1,
        times=None,
        every=2,
        fault=Fault(kind=FaultKind.STATUS, status=429, headers={"Retry-After": "2"}),
    )


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "rule must be an object, not []"),
        ({}, "fault must be an object, not None"),
        ({"fault": {}}, "fault.kind is missing"),
        ({"fault": {"kind": "flood"}}, "kind 'flood' is none of status, delay, truncate"),
        ({"fault": {"kind": "reset"}, "often": 1}, "rule.often is unknown; known are fault, match"),
        ({"fault": {"kind": "reset", "after": 1}}, "fault.after is unknown; known are kind"),
        ({"fault": {"kind": "reset"}, "match": {"url": ""}}, "match.url is unknown; known are"),
        ({"fault": {"kind": "reset"}, "match": {"path": 7}}, "match.path must be text, not 7"),
        ({"fault": {"kind": "reset"}, "every": 0}, "every must be a number from 1 up, not 0"),
        ({"fault": {"kind": "reset"}, "skip": "1"}, "skip must be a number from 0 up, not '1'"),
        ({"fault": {"kind": "reset"}, "times": 0}, "times must be a number from 1 up, not 0"),
        ({"fault": {"kind": "delay", "seconds": -1}}, "seconds must be a number from 0 up"),
        ({"fault": {"kind": "truncate", "bytes": 1.5}}, "bytes must be a number from 0 up"),
        ({"fault": {"kind": "status", "status": True}}, "status must be a number from 200 up"),
        ({"fault": {"kind": "status", "headers": 3}}, "fault.headers must be an object, not 3"),
    ],
)
def test_a_bad_rule_is_refused_with_one_sentence(value: object, sentence: str) -> None:
    """What nobody can do is refused when the rule is given, naming the field."""
    with pytest.raises(BadRule) as refused:
        FaultRule.from_json(value)

    assert str(refused.value).startswith(sentence)
