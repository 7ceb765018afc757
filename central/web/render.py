"""Templates to HTML: one place that knows Jinja, the words and the addresses of static files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from central.web import bench_views, views, zone_views
from central.web.told import command_word, cure, told
from central.web.words import HTML_LANG, LANGS, WORDS, Lang, say
from central.web.words_bench import todo
from central.web.words_events import kind_word
from central.web.words_parts import part_cure, part_word
from central.web.words_rules import rule_word
from wire.phrases import gate_fault, phrase

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

TEMPLATES: Final[Mapping[type, str]] = {
    views.FloorView: "part_floor.html",
    views.ZoneHead: "part_zone.html",
    zone_views.WallView: "part_wall.html",
    zone_views.LinesView: "part_lines.html",
    bench_views.BenchView: "part_bench.html",
    bench_views.HandsView: "part_hands.html",
    views.Counts: "part_counts.html",
    views.WavesView: "part_waves.html",
    views.TicketsView: "part_tickets.html",
    views.AlarmsView: "part_alarms.html",
}

SCRIPT_WORDS: Final = (
    *(
        "lit",
        "dark",
        "unlit",
        "unreachable",
        "pressed",
        "unknown",
        "pieces",
        "sending",
        "people_on",
        "people_off",
        "clock",
    ),
    *("blue", "orange", "violet", "cyan", "yellow", "white", "red", "green"),
    *("last_seen", "never_seen", "node_lost", "ago_s", "ago_min", "ago_h"),
    *("banner_lost", "banner_broker", "banner_store"),
)


def make_renderer() -> Renderer:
    """A renderer over this package's templates."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(STATIC.iterdir()))).hexdigest()[:10]
    environment.globals.update(asset=lambda name: f"/static/{name}?v={digest}", langs=LANGS)
    return Renderer(environment)


class Renderer:
    """Renders whole pages and parts of them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def page(self, template: str, lang: Lang, **values: Any) -> str:
        """A page in `lang`."""
        return self._environment.get_template(template).render(**values, **_language(lang))

    def part(self, view: object, lang: Lang, **values: Any) -> Markup:
        """The element that shows `view`."""
        template = self._environment.get_template(TEMPLATES[type(view)])
        return Markup(template.render(view=view, **values, **_language(lang)).strip())  # noqa: S704 (the template escaped it)


def _language(lang: Lang) -> dict[str, Any]:
    def word(key: str, **values: object) -> str:
        return say(lang, key, **values)

    return {
        "lang": lang,
        "html_lang": HTML_LANG[lang],
        "w": word,
        "kind": lambda key: kind_word(lang, key),
        "told": lambda text: told(lang, text),
        "alarm_cure": lambda alarm: cure(lang, alarm),
        "short": lambda button: command_word(lang, button.text) or getattr(button, lang),
        "phrase_in": lambda other, key: getattr(phrase(key), other),
        "command": lambda text: command_word(lang, text) or text.rpartition(":")[2],
        "todo": partial(todo, lang),
        "part_word": lambda part: part_word(lang, part),
        "part_cure": lambda part, why: part_cure(lang, part, why),
        "rule_word": lambda rule: rule_word(lang, rule),
        "phrase": lambda key: getattr(phrase(key), lang),
        "gate_phrase": lambda fault: getattr(phrase(gate_fault(fault)), lang),
        "moment": _moment,
        "next_of": lambda ticket: ticket.next_step if lang == "en" else ticket.next_step_zh,
        "step_is_plain": views.step_is_plain,
        "script_words": {key: WORDS[key][LANGS.index(lang)] for key in SCRIPT_WORDS},
        "quantity": _quantity(word),
    }


def _moment(utc_ns: int, *, ago: bool = False) -> Markup:
    """A time; the script shows it in the reader's own time zone, or as its age."""
    if not utc_ns:
        return Markup("–")
    at = datetime.fromtimestamp(utc_ns / 1e9, UTC)
    how = "data-ago" if ago else "data-local"
    text = at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return Markup('<time {} datetime="{}">{}</time>').format(Markup(how), at.isoformat(), text)  # noqa: S704 (constant)


def _quantity(word: Callable[..., str]) -> Callable[[int], Markup]:
    def quantity(pieces: int) -> Markup:
        """Pieces with their unit."""
        return Markup('<span class="num">{}</span> {}').format(pieces, escape(word("pieces")))

    return quantity
