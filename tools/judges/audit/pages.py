"""What a place can be asked: every form and every address with a parameter, found by reading its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from .asking import ask
from .places import Place

# One of a kind is enough: the other rows are asked with the same words.
EXAMPLES = 2
# With the same one, every later try would be taken for a repetition of the first, which has one effect.
DRAWN_ONCE = ("op_id", "csrf_token")


@dataclass(frozen=True)
class Question:
    """A request with words in it: `path` holds a `*` where a word of the address can be another."""

    endpoint: str
    method: str
    logged_in: bool
    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({name for name, _value in self.fields}))

    @property
    def words(self) -> int:
        """How many things somebody outside decides."""
        return len(self.names) + self.path.count("*")

    @property
    def sent(self) -> str:
        return urlencode(self.fields)


class Reader:
    """Walks the pages from here, logged in or not, and keeps one question of each kind."""

    def __init__(self, place: Place, rules: Map, *, logged_in: bool = True):
        self.place, self.adapter, self.logged_in = place, rules.bind(urlsplit(place.url).netloc), logged_in
        self.headers = {"Cookie": place.cookie() if logged_in else "", "Accept-Language": "fr"}
        self.questions: dict[tuple[str, str, tuple[str, ...]], Question] = {}
        self.pages: dict[str, int] = {}
        self.passed_over: set[str] = set()

    def read(self, *starts: str) -> list[Question]:
        waiting = list(starts)
        seen: set[str] = set()
        counted: dict[tuple[str, tuple[str, ...]], int] = {}
        while waiting:
            url = waiting.pop(0)
            kind = self._kind("GET", url)
            if url in seen or kind is None:
                continue
            if counted.get(kind, 0) == EXAMPLES:
                self.passed_over.add(url)
                continue
            seen.add(url)
            counted[kind] = counted.get(kind, 0) + 1
            status, text, leads_to = ask("GET", self.place.url + url, self.headers)
            self.pages[url] = status
            query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
            self._keep("GET", url, query)
            if leads_to:
                waiting.append(self._inside(url, leads_to))
            waiting += self._read_page(url, text)
        return sorted(self.questions.values(), key=lambda question: (question.method, question.path))

    @cached_property
    def endpoints(self) -> set[str]:
        """The endpoints that were reached by a link or a form."""
        reached = {question.endpoint for question in self.questions.values()}
        return reached | {kind[0] for url in self.pages if (kind := self._kind("GET", url))}

    def _read_page(self, here: str, text: str) -> Iterator[str]:
        page = html5lib.parse(text, namespaceHTMLElements=False)
        for form in page.iter("form"):
            target = self._inside(here, form.get("action") or here)
            method = (form.get("method") or "get").upper()
            fields = [pair for pair in fields_of(form) if pair[0] not in DRAWN_ONCE]
            self._keep(method, target, fields)
            if method == "GET":
                yield f"{urlsplit(target).path}?{urlencode(fields)}"
        for link in page.iter("a"):
            yield self._inside(here, link.get("href", ""))

    def _inside(self, here: str, target: str) -> str:
        url = urlsplit(urljoin(self.place.url + here, target))
        if f"{url.scheme}://{url.netloc}" != self.place.url:
            return ""
        return f"{url.path}?{url.query}".rstrip("?")

    def _kind(self, method: str, url: str) -> tuple[str, tuple[str, ...]] | None:
        path, _, query = url.partition("?")
        try:
            endpoint, _arguments = self.adapter.match(path, method) if path else ("", {})
        except HTTPException:
            return None
        return (endpoint, tuple(sorted(dict(parse_qsl(query, keep_blank_values=True))))) if endpoint else None

    def _keep(self, method: str, url: str, fields: list[tuple[str, str]]) -> None:
        path = url.partition("?")[0]
        try:
            rule, arguments = self.adapter.match(path, method, return_rule=True)
        except HTTPException:
            return
        for word in (value for value in arguments.values() if isinstance(value, str)):
            path = path.replace(word, f"{word}*", 1)
        question = Question(rule.endpoint, method, self.logged_in, path, tuple(dict(fields).items()))
        if not question.words or rule.endpoint == "static_file":
            return
        if self.questions.setdefault((rule.endpoint, method, question.names), question).path != question.path:
            self.passed_over.add(url)


def fields_of(form: Element) -> Iterator[tuple[str, str]]:
    """The names of a form with what a browser would send, and a word where it is empty."""
    for field in form.iter():
        name, kind = field.get("name"), field.get("type", "")
        if not name or kind in ("submit", "button", "file", "image"):
            continue
        if field.tag == "select":
            yield name, next((option.get("value", option.text or "") for option in field.iter("option")), "")
        elif field.tag == "textarea":
            yield name, (field.text or "").strip() or "mot"
        elif field.tag in ("input", "button"):
            yield name, field.get("value") or ("" if kind == "hidden" else "mot")
