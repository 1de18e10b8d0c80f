"""A listing gives each item once, whatever way the pages are cut, and always ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client import Listing, Page, Undecodable
from d365_client._listing import Windows


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


class Rows:
    """Rows 0 to `total` - 1 behind requests such as "20+10"; remembers which were asked for."""

    def __init__(self, total: int, *, largest: int = 1_000, counted: int | None = None) -> None:
        self._total, self._largest, self._counted = total, largest, counted
        self.asked: list[str] = []
        self.running = self.most = 0

    @staticmethod
    def target(text: str, skip: int, top: int) -> str:
        """The request for a window."""
        return f"{text}{skip}+{top}"

    async def fetch(self, target: str) -> Page[int]:
        """The window, cut where the server's largest page ends; later windows come first."""
        self.asked.append(target)
        self.running += 1
        self.most = max(self.most, self.running)
        skip, top = map(int, target.split("+"))
        for _ in range(max(0, 50 - skip)):
            await anyio.lowlevel.checkpoint()
        given = range(skip, min(skip + min(top, self._largest), self._total))
        self.running -= 1
        cut = len(given) == self._largest < top
        return Page(
            items=given,
            next=self.target("", skip + self._largest, top - self._largest) if cut else None,
            count=None if skip else self._counted,
        )


def windowed(rows: Rows, *, size: int = 10, top: int | None = None) -> Listing[int]:
    """A listing that reads four windows ahead."""
    return Listing(
        fetch=rows.fetch,
        starts=[""],
        key=lambda item: item,
        limit=top,
        windows=Windows(target=rows.target, size=size, concurrency=4),
    )


@given(st.integers(0, 60), st.integers(1, 12), st.integers(1, 15), st.none() | st.integers(1, 60))
def test_pages_that_are_read_side_by_side_come_in_order(
    total: int, size: int, largest: int, top: int | None
) -> None:
    """Whatever the windows, whatever the server's largest page, and whatever is wanted of it."""
    rows = Rows(total, largest=largest)
    items = anyio.run(windowed(rows, size=size, top=top).all)

    assert items == list(range(total if top is None else min(total, top)))
    assert rows.most <= 4


async def test_no_more_than_the_windows_asked_for_are_begun_after_the_end() -> None:
    """What was begun before the end was seen comes empty, and nothing is begun after it."""
    rows = Rows(5)
    await windowed(rows).all()

    assert rows.asked == ["0+10", "10+10", "20+10", "30+10"]


@pytest.mark.parametrize(("counted", "windows"), [(40, 4), (41, 5), (45, 5)])
async def test_nothing_is_asked_for_beyond_what_was_counted(counted: int, windows: int) -> None:
    """The first window tells how many rows there are, so the last one is known to be."""
    rows = Rows(counted, counted=counted)

    assert len(await windowed(rows).all()) == counted
    assert len(rows.asked) == windows


async def test_a_page_that_shrank_is_no_end() -> None:
    """Rows of a later window show that the one before lost some: an error, no shorter list."""
    rows = Rows(40)
    whole = rows.fetch

    async def fetch(target: str) -> Page[int]:
        page = await whole(target)
        return Page(items=page.items[:7], next=None) if target == "10+10" else page

    rows.fetch = fetch  # type: ignore[method-assign]  # the server of this test forgets rows

    with pytest.raises(Undecodable, match="rows follow a page that was not full"):
        await windowed(rows).all()


async def test_who_stops_reading_leaves_nothing_running() -> None:
    """The requests that were read ahead are cancelled when the reading is closed."""
    rows = Rows(1_000)
    whole = rows.fetch

    async def fetch(target: str) -> Page[int]:
        if target != "0+10":
            await anyio.sleep_forever()
        return await whole(target)

    rows.fetch = fetch  # type: ignore[method-assign]  # the server of this test answers once
    before = asyncio.all_tasks()
    async with contextlib.aclosing(windowed(rows).pages()) as pages:
        await anext(pages)
        during = asyncio.all_tasks() - before

    assert len(during) == 3
    assert asyncio.all_tasks() == before


async def test_a_page_that_fails_fails_the_list() -> None:
    """The error of any window is the list's, in its turn, and the others are given up."""
    rows = Rows(1_000)
    whole = rows.fetch

    async def fetch(target: str) -> Page[int]:
        if target == "20+10":
            raise Undecodable("broken")
        return await whole(target)

    rows.fetch = fetch  # type: ignore[method-assign]  # the server of this test breaks once
    items = aiter(windowed(rows))
    given = [await anext(items) for _ in range(20)]

    assert given == list(range(20))
    with pytest.raises(Undecodable, match="broken"):
        await anext(items)


@pytest.mark.parametrize("top", [None, 3, 40])
async def test_a_list_that_was_counted_is_whole(top: int | None) -> None:
    """As many came as were counted, or as many as were wanted of them."""
    assert len(await windowed(Rows(25, counted=25), top=top).all()) == min(25, top or 25)


@pytest.mark.parametrize("counted", [24, 26])
async def test_a_list_that_is_not_as_long_as_was_counted_is_an_error(counted: int) -> None:
    """Fewer or more: something was lost, or moved while it was read."""
    with pytest.raises(Undecodable, match=f"{counted} rows were counted and 25 came"):
        await windowed(Rows(25, counted=counted)).all()


async def test_a_chain_is_counted_as_well() -> None:
    """The first page tells how many there are; a short last page is then an error."""
    pages = Pages({"a": Page(items=[1, 2], next="b", count=4), "b": Page(items=[3], next=None)})

    with pytest.raises(Undecodable, match="4 rows were counted and 3 came"):
        await listing(pages, "a").all()
