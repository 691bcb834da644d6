"""Fragments and who may read them. A fragment is a piece of page that is the same for all who may see it."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import update_wrapper
from typing import Any

from flask import render_template
from markupsafe import Markup

from assoc_intranet.core.changes import Change, until_change
from assoc_intranet.core.clock import quarter
from assoc_intranet.core.html import partial, remembered
from assoc_intranet.core.i18n import language

_ROOT_ID = re.compile(r'\s*<[a-z]+[^>]*?\sid="([^"]+)"')

Context = Mapping[str, Any]
Keys = Callable[[Change], Iterable[tuple[Any, ...]]]
Topics = Callable[[Any], set[str]]

FRAGMENTS: list["Fragment"] = []
TOPICS: list[Topics] = []


class Rendered(Markup):
    """The HTML of a fragment, for the page; `partial` is the same as an answer or a push."""

    @property
    def partial(self) -> Markup:
        root = _ROOT_ID.match(self)
        if not root:
            raise ValueError(f"A fragment needs one root with an id, not {self[:60]!r}")
        return partial(self, root[1])


@remembered(512)
def _once(template: str, items: tuple[tuple[str, Any], ...]) -> Rendered:
    return Rendered(render_template(template, **dict(items)))


@until_change(256)
def _until_change(fragment: "Fragment", _language: str, _quarter: int, key: tuple[Any, ...]) -> Rendered | None:
    return fragment.draw(*key)


class Fragment:
    """A loader, its template, the changes that touch it and the audience that may read it."""

    def __init__(
        self,
        load: Callable[..., Context | None],
        template: str,
        on: tuple[str, ...],
        topic: str | Callable[..., str | None],
        keys: Keys,
        pure: bool,
        steady: bool,
    ):
        update_wrapper(self, load)
        self.load, self.template, self.on, self.keys, self.pure, self.steady = load, template, on, keys, pure, steady
        self._topic = topic

    def __call__(self, *key: Any) -> Rendered | None:
        """The fragment as it stands now, or None where there is nothing to show."""
        return _until_change(self, language(), quarter(), key) if self.steady else self.draw(*key)

    def draw(self, *key: Any) -> Rendered | None:
        context = self.load(*key)
        return None if context is None else self.render(context)

    def render(self, context: Context) -> Rendered:
        """The template with a context that was loaded elsewhere, such as for a whole page at once."""
        if self.pure:
            return _once(self.template, tuple(context.items()))
        return Rendered(render_template(self.template, **context))

    def topic(self, *key: Any) -> str | None:
        """The audience it is pushed to at this moment; None pushes it to nobody."""
        return self._topic if isinstance(self._topic, str) else self._topic(*key)

    def touched_by(self, change: Change) -> Iterable[tuple[Any, ...]]:
        return self.keys(change) if change.kind in self.on else ()


def fragment(
    template: str,
    on: tuple[str, ...],
    topic: str | Callable[..., str | None] = "members",
    keys: Keys = lambda change: [(change.subject_id,)],
    pure: bool = False,
    steady: bool = False,
) -> Callable[[Callable[..., Context | None]], Fragment]:
    """Declare the loader of a fragment: `template` rendered with what it returns, pushed after each change `on`.

    `topic` names the audience: `everyone`, `members`, `coordinators`, or what a feature's `topics_of` grants.
    `keys` says, for a change, which of these fragments it touches: by default the one of its subject.
    `pure` promises that the context holds only plain, hashable values (no rows): the same one is rendered once.
    `steady` promises that only changes and midnights make it another: what a page shows of it is kept until then.
    """

    def declare(load: Callable[..., Context | None]) -> Fragment:
        declared = Fragment(load, template, on, topic, keys, pure, steady)
        FRAGMENTS.append(declared)
        return declared

    return declare


def topics_of(grant: Topics) -> Topics:
    """Declare which topics a member may read now: asked when a stream opens and again when their rights change."""
    TOPICS.append(grant)
    return grant


def topics_for(member: Any) -> frozenset[str]:
    return frozenset().union(*(grant(member) for grant in TOPICS))
