"""A listing gives each item once, whatever way the pages are cut, and always ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client import Listing, Page, Undecodable


class Pages:
    """Pages by the name that leads to each; remembers which were asked for."""

    def __init__(self, pages: Mapping[str, Page[int]]) -> None:
        self._pages = pages
        self.asked: list[str] = []

    async def fetch(self, name: str) -> Page[int]:
        """The page of that name."""
        self.asked.append(name)
        return self._pages[name]


def listing(pages: Pages, *starts: str) -> Listing[int]:
    """A listing over these pages."""
    return Listing(fetch=pages.fetch, starts=starts, key=lambda item: item)


def chain(cuts: Sequence[Sequence[int]]) -> Pages:
    """These pages, each naming the next."""
    return Pages(
        {
            str(number): Page(items=items, next=str(number + 1) if number + 1 < len(cuts) else None)
            for number, items in enumerate(cuts)
        }
    )


@given(st.lists(st.lists(st.integers()), min_size=1))
def test_every_item_comes_once_in_order(cuts: list[list[int]]) -> None:
    """However the items are cut into pages, empty ones included, they come as they were."""
    items = anyio.run(listing(chain(cuts), "0").all)

    assert items == [item for cut in cuts for item in cut]


async def test_nothing_is_asked_before_one_iterates() -> None:
    """And a page only when its turn has come."""
    pages = chain([[1, 2], [3], [4]])
    wanted = listing(pages, "0")

    assert pages.asked == []

    async for item in wanted:
        if item == 3:
            break

    assert pages.asked == ["0", "1"]


async def test_iterating_again_reads_again() -> None:
    """A listing is a description; it keeps no rows."""
    pages = chain([[1], [2]])
    wanted = listing(pages, "0")

    assert await wanted.all() == await wanted.all() == [1, 2]
    assert pages.asked == ["0", "1", "0", "1"]


async def test_pages_come_as_they_were_cut() -> None:
    """By pages one sees what each request gave, and where the next leads."""
    found = [page async for page in listing(chain([[1, 2], [], [3]]), "0").pages()]

    assert [(list(page.items), page.next) for page in found] == [
        ([1, 2], "1"),
        ([], "2"),
        ([3], None),
    ]


@pytest.mark.parametrize(
    "pages",
    [
        {"a": Page(items=[1], next="a")},
        {"a": Page(items=[1], next="b"), "b": Page(items=[2], next="b")},
        {"a": Page(items=[1], next="b"), "b": Page(items=[2], next="a")},
        {
            "a": Page(items=[1], next="b"),
            "b": Page(items=[2], next="c"),
            "c": Page(items=[3], next="b"),
        },
    ],
    ids=["itself at once", "itself", "the first", "an earlier one"],
)
async def test_a_list_that_would_never_end_is_refused(pages: Mapping[str, Page[int]]) -> None:
    """A page that names one that was read before is an error, and nothing is asked twice."""
    asked = Pages(pages)

    with pytest.raises(Undecodable, match="the list has no end"):
        await listing(asked, "a").all()

    assert asked.asked == sorted(pages)


async def test_several_requests_give_each_item_once() -> None:
    """What two of them give comes with the first; the pages of both are all read."""
    pages = Pages(
        {
            "a": Page(items=[1, 2], next="a2"),
            "a2": Page(items=[3], next=None),
            "b": Page(items=[2, 4], next="b2"),
            "b2": Page(items=[1, 5], next=None),
        }
    )

    assert await listing(pages, "a", "b").all() == [1, 2, 3, 4, 5]
    assert pages.asked == ["a", "a2", "b", "b2"]


async def test_one_request_gives_what_it_gives() -> None:
    """Rows of one request are not compared: the server's order of a key is the server's word."""
    assert await listing(chain([[1, 1], [1]]), "0").all() == [1, 1, 1]
