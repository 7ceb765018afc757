"""What can go wrong with a request: who, what and what to do now, as JSON for programs and a page for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from central.web.render import Renderer
from central.web.told import told
from central.web.words import Lang

Kind = Literal[
    "no_key", "wrong_key", "foreign_page", "not_found", "too_big", "busy", "store_away", "owner_silent", "no_hands",
    "hands_away", "bench_away", "bad_request", "refused", "not_allowed", "fault",
]  # fmt: skip


@dataclass(frozen=True)
class Saying:
    """One problem's HTTP status and words."""

    status: int
    what: tuple[str, str]
    cure: tuple[str, str]


SAYINGS: Final[dict[str, Saying]] = {
    "no_key": Saying(
        401,
        ("This page needs the access key", "此页面需要访问密钥"),
        (
            "Open the address that picklight printed at its start (it ends in ?key=…), or enter the key",
            "请打开 picklight 启动时显示的地址（以 ?key=… 结尾），或输入密钥",
        ),
    ),
    "wrong_key": Saying(
        401,
        ("The access key is wrong", "访问密钥不正确"),
        (
            "Take it from access.key in the site's state folder",
            "请使用站点状态目录中 access.key 的内容",
        ),
    ),
    "foreign_page": Saying(
        403,
        (
            "Another site's page may not change anything here",
            "其他网站的页面不能在此操作",
        ),
        (
            "Use picklight's own page, or send the key as a bearer token",
            "请使用 picklight 的页面，或以 Bearer 方式发送密钥",
        ),
    ),
    "not_found": Saying(
        404,
        ("There is nothing at this address", "此地址没有内容"),
        ("Check the number, or start at the floor", "请核对编号，或从现场页面进入"),
    ),
    "not_allowed": Saying(
        405,
        ("This address does not take that request", "此地址不支持该请求"),
        ("See /openapi.json", "请参见 /openapi.json"),
    ),
    "too_big": Saying(
        413,
        ("The request is too big", "请求过大"),
        ("Send fewer rows at once", "请分批发送"),
    ),
    "busy": Saying(
        503,
        ("Too many pages are open", "打开的页面过多"),
        (
            "Close some; this one tries again by itself",
            "请关闭一些页面；本页会自动重试",
        ),
    ),
    "store_away": Saying(
        503,
        ("The site's record cannot be read yet", "暂时无法读取记录"),
        (
            "Wait until central has started, then load again",
            "请等中央服务启动后再试",
        ),
    ),
    "owner_silent": Saying(
        504,
        ("Central did not answer", "中央服务无应答"),
        (
            "Look whether it was done before you repeat it",
            "重复操作之前请先确认是否已完成",
        ),
    ),
    "no_hands": Saying(
        409,
        ("No simulated floor stands behind this page", "此页面没有连接模拟现场"),
        ("Press the button or scan on the floor itself", "请在现场实际操作"),
    ),
    "hands_away": Saying(
        502,
        ("The simulated floor does not answer", "模拟现场无应答"),
        ("Look whether it still runs", "请检查其是否仍在运行"),
    ),
    "bench_away": Saying(
        503,
        ("The bench does not hear this screen", "工位收不到此屏幕的操作"),
        ("Scan the command barcode on the sheet instead", "请改为扫描命令条码"),
    ),
    "bad_request": Saying(
        400, ("The request is not understood", "无法理解该请求"), ("Correct it and send it again", "请更正后重发")
    ),
    "refused": Saying(
        409,
        ("Central refused", "中央服务拒绝"),
        ("See the reason", "请看原因"),
    ),
    "fault": Saying(
        500,
        ("Something in picklight failed", "picklight 内部出错"),
        (
            "Try again; if it stays, send the log to who maintains it",
            "请重试；若仍失败，请将日志交给维护人员",
        ),
    ),
}


class Problem(Exception):
    """A request cannot be answered. `what` and `cure` replace the kind's own words where they know more."""

    def __init__(
        self, kind: Kind, who: str, *, what: str = "", what_zh: str = "", cure: str = "", status: int = 0
    ) -> None:
        super().__init__(f"{who}: {what or SAYINGS[kind].what[0]}. {cure or SAYINGS[kind].cure[0]}")
        self.kind = kind
        self.who = who
        self.what = what
        self.what_zh = what_zh
        self.cure = cure
        self.status = status or SAYINGS[kind].status


def wants_page(request: Request) -> bool:
    """True if a person's browser asks, not a program or a script."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(("/api/", "/events"))


def lang_of(request: Request) -> Lang:
    """The language chosen by cookie, else the browser's first wish, else English."""
    chosen = request.cookies.get("lang")
    if chosen in {"en", "zh"}:
        return "zh" if chosen == "zh" else "en"
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def theme_of(request: Request) -> str:
    """The theme chosen by cookie; "" leaves it to the screen."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in {"dark", "light"} else ""


def answer(problem: Problem, request: Request, renderer: Renderer, site: str) -> Response:
    """The problem as this client can read it."""
    lang = lang_of(request)
    saying = SAYINGS[problem.kind]
    index = 0 if lang == "en" else 1
    what = problem.what if lang == "en" else problem.what_zh
    words = {
        "who": told(lang, problem.who) if lang == "zh" else problem.who,
        "what": what or saying.what[index],
        "cure": (problem.cure if lang == "en" else "") or saying.cure[index],
    }
    if lang == "zh" and problem.what and not what:
        words["detail"] = problem.what  # only known in English
    headers = {"Retry-After": "5"} if problem.status == 503 else {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if not wants_page(request):
        return JSONResponse(words, problem.status, headers)
    frame = {"site": site, "theme": theme_of(request), "here": "", "back": "/"}
    page = renderer.page(
        "problem.html", lang, **{"detail": "", **words}, **frame, status=problem.status, ask_key=problem.status == 401
    )
    return HTMLResponse(page, problem.status, headers)
