"""Which bench may pack which order while central is away."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from central.rules.manifests import deal, must_renew

held = st.dictionaries(st.sampled_from(["b1", "b2", "b3"]), st.integers(0, 6))


@given(st.integers(0, 20), held, st.integers(0, 6))
def test_no_bench_has_more_than_its_share_and_the_most_urgent_come_first(
    count: int, held: dict[str, int], at_most: int
) -> None:
    orders = [f"o{number:02}" for number in range(count)]

    dealt = deal(orders, held, at_most)

    assert list(dealt) == orders[: len(dealt)]
    room = sum(max(0, at_most - some) for some in held.values())
    assert len(dealt) == min(count, room)
    after = Counter(held) + Counter(dealt.values())
    assert all(after[name] <= max(at_most, some) for name, some in held.items())


def test_it_is_renewed_with_a_quarter_of_its_life_left() -> None:
    assert not must_renew(1_000, 2_000, 1_750)
    assert must_renew(1_000, 2_000, 1_751)
