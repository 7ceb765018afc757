"""The pages say what is true: paths, commands, texts, settings and errors are compared with the project."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from central.hosts.catalogue import CATALOGUE
from central.hosts.files import BADGES, LOCATIONS, ORDERS
from central.hosts.label_files import LABELS
from central.hosts.lots import LOTS
from central.hosts.rows import Columns
from central.rules.tickets import OVERRIDABLE, STAGE_OF
from central.web.words_events import KINDS
from cli.main import _parser as command_line
from tests.house.doc_pages import PAGES, ROOT, code_blocks, headings, quoted, rows
from tests.house.project_errors import project_errors
from tests.house.project_settings import SECTIONS, Section, keys
from wire.phrases import PHRASES, Refusal

ROOMS = ("wire/", "edge/", "central/", "cli/", "sim/", "bench/", "tools/", "tests/", "docs/", "firmware_configs/")
PLACE = re.compile(r"(?P<path>[\w./-]+\.(?:py|toml|md|json|yaml|sh)|[\w./-]+/)(?:: ?(?P<names>[\w., ()]+))?")


def places(page: Path) -> list[tuple[str, str]]:
    """Each (path, names) that `page` says exists in the project."""
    found = [PLACE.fullmatch(text) for text in quoted(page.read_text(encoding="utf-8"))]
    return [(place["path"], place["names"] or "") for place in found if place and place["path"].startswith(ROOMS)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_and_name_a_page_gives_exists(page: Path) -> None:
    for path, names in places(page):
        assert (ROOT / path).exists(), f"{page.name} names {path}, which is not there"
        text = (ROOT / path).read_text(encoding="utf-8") if names else ""
        missing = [name for name in re.findall(r"\w+", names) if name not in text]
        assert not missing, f"{page.name}: {path} does not hold {missing}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"(?<!!)\[[^]]+\]\(([^)#\s]*)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not link.startswith(("http://", "https://")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}, which is not there"


def test_the_architecture_tells_both_stories_with_file_names() -> None:
    assert len(set(places(ROOT / "docs/architecture.md"))) >= 30


def test_every_refusal_is_explained_with_its_words_and_its_stage() -> None:
    page = rows("docs/exceptions.md")

    for reason in Refusal:
        stage = [STAGE_OF[reason]] if reason in STAGE_OF else []
        phrase = PHRASES[reason]
        assert page[reason][1 : 3 + len(stage)] == [phrase.en, phrase.zh, *stage], reason


def test_everything_the_bench_says_is_explained_with_its_words() -> None:
    page = rows("docs/exceptions.md")

    assert {key: page[key][1:3] for key in PHRASES} == {key: [text.en, text.zh] for key, text in PHRASES.items()}


def test_the_page_names_exactly_what_can_be_overridden() -> None:
    text = (ROOT / "docs/exceptions.md").read_text(encoding="utf-8")
    named = re.search(r"An override is possible for (.*?) only", text)

    assert named is not None
    assert set(quoted(named[1])) == set(OVERRIDABLE)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_every_setting_is_documented_with_its_default(section: Section) -> None:
    page = rows("docs/settings.md", section.title)

    for key, default in keys(section).items():
        assert key in page, f"docs/settings.md lacks a row for `{key}`"
        assert page[key][2].strip("`") == default, f"docs/settings.md gives another default for `{key}`"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_no_setting_is_documented_that_is_gone(section: Section) -> None:
    assert rows("docs/settings.md", section.title).keys() <= keys(section).keys()


def test_every_error_class_stands_in_the_table_and_no_other() -> None:
    assert set(rows("docs/errors.md")) == project_errors(ROOT)


def test_every_error_class_stands_where_the_table_says() -> None:
    for name, cells in rows("docs/errors.md").items():
        assert f"class {name}(" in (ROOT / cells[1].strip("`")).read_text(encoding="utf-8"), name


def test_every_alarm_of_the_runbook_exists_and_the_page_has_words_for_it() -> None:
    alarms = rows("docs/runbook.md", "Alarms").keys()
    source = "".join(path.read_text("utf-8") for room in ("edge", "central") for path in (ROOT / room).rglob("*.py"))

    assert {alarm for alarm in alarms if f'"{alarm}"' not in source} == set()
    assert alarms - KINDS.keys() == set()


RAISES = re.compile(
    r"""(?x) (?: _raise\(\w+(?:\.\w+)?,\ | alarms\.note\( | _edge\( | alarms\[ | \balarm=
           | \braise_alarm\([^")]*,\s* ) "([a-z_]+)" """
)


def test_every_alarm_that_is_raised_is_in_the_runbook() -> None:
    source = "".join(path.read_text("utf-8") for room in ("edge", "central") for path in (ROOT / room).rglob("*.py"))
    raised = set(RAISES.findall(source))

    assert len(raised) >= 12, raised
    assert raised <= rows("docs/runbook.md", "Alarms").keys()


def test_every_make_verb_a_page_names_exists() -> None:
    verbs = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for page in PAGES:
        commands = "\n".join([*quoted(page.read_text(encoding="utf-8")), *code_blocks(page)])
        assert set(re.findall(r"\bmake ([a-z][a-z-]+)", commands)) <= verbs, page.name


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("Orders", ORDERS),
        ("Catalogue", CATALOGUE),
        ("Locations", LOCATIONS),
        ("Lots", LOTS),
        ("Badges", BADGES),
        ("Label documents", LABELS),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_every_column_of_a_file_is_explained(heading: str, columns: Columns) -> None:
    page = rows("docs/importing.md", heading)

    assert page.keys() == {*columns.required, *columns.optional}
    assert {name for name, cells in page.items() if cells[2].startswith("yes")} == set(columns.required)


def test_every_picklight_command_a_page_names_exists() -> None:
    texts = [text for page in PAGES for text in [*quoted(page.read_text(encoding="utf-8")), *code_blocks(page)]]
    named = {
        tuple(words[:2])
        for text in texts
        for words in (found.split() for found in re.findall(r"(?:^|/)picklight((?: [a-z]+)+)", text, re.MULTILINE))
    }

    assert named
    for words in sorted(named):
        assert knows(*words), f"picklight {' '.join(words)}"


def knows(*words: str) -> bool:
    """Whether the command line takes these verbs; those that start another program are checked by their first."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            command_line().parse_known_args([*words, "--help"])
        except SystemExit as told:
            return told.code == 0
    return True


def test_the_chinese_readme_keeps_pace() -> None:
    assert headings("README.zh-CN.md") == headings("README.md")
    assert code_blocks(ROOT / "README.zh-CN.md") == code_blocks(ROOT / "README.md")


def test_the_readme_leads_with_the_two_commands_and_a_picture() -> None:
    opening = (ROOT / "README.md").read_text(encoding="utf-8")[:600]

    assert opening.index("make run") < opening.index("make test") < opening.index("docs/pictures/floor.png")


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    records = sorted((ROOT / "docs/decisions").glob("0*.md"))
    listing = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")

    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    assert [record.name for record in records] == re.findall(r"\((0[^)]+\.md)\)", listing)
