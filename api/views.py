"""Minimum-necessary views: what of an answer about a case this person's profession may read.

The only place that withholds fields. Which field belongs to which class, and who reads which
class, is ``cases/data/views.yaml``; the database has already decided which rows there are. An
answer tells what it withheld in the header ``X-Withheld``.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api.services import services_of
from cases.casebook import casebook
from cases.viewing import Viewer

HEADER = "X-Withheld"
# Fields that are never null: emptied instead.
KEPT = frozenset(
    {
        "title",
        "text",
        "code_decisions",
        "flag_decisions",
        "versions",
        "recordings",
        "decisions",
        "posts",
        "votes",
        "persons",
        "relations",
        "spans",
        "phones",
        "email",
        "line_id",
        "address",
        "citizen_id",
        "titles_en",
    }
)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CaseRoute(APIRoute):
    """A route whose answers are about one case and are narrowed to who reads them."""

    def get_route_handler(self) -> Handler:
        """The framework's handler, its answer narrowed."""
        answer, name = super().get_route_handler(), self.name

        async def narrowed(request: Request) -> Response:
            response = await answer(request)
            rules = casebook("views")["fields"].get(name)
            if not rules or response.status_code >= 300:
                return response
            return await run_in_threadpool(_narrow, request, response, rules)

        return narrowed


def _narrow(request: Request, response: Response, rules: Mapping[str, str]) -> Response:
    body = orjson.loads(bytes(response.body))
    case_id = request.path_params.get("case_id") or body.get("case_id") or body["id"]
    viewing = services_of(request).casework.viewing
    viewer = viewing.of(request.state.person, case_id)
    withheld = withhold(body, rules, viewer, request.state.person.agency_id)
    if not withheld:
        return response
    headers = {k: v for k, v in response.headers.items() if k.lower() != "content-length"}
    headers[HEADER] = ", ".join(withheld)
    return Response(orjson.dumps(body), response.status_code, headers)


def withhold(
    body: Any, rules: Mapping[str, str], viewer: Viewer, agency_id: str | None = None
) -> list[str]:
    """Empty every field of ``body`` whose class the viewer does not read; gives those fields.

    ``[]`` stands for all rows of a list, ``[kind]`` for those of one kind; rows that the viewer's
    own agency wrote, or that are its own to do, are left whole.
    """
    hidden = (path for path, kind in rules.items() if not viewer.reads(kind))
    return [path for path in hidden if _empty(body, path, agency_id)]


def _empty(part: Any, path: str, agency_id: str | None) -> bool:
    head, _, rest = path.partition(".")
    if head.startswith("["):
        rows = part if isinstance(part, list) else part["items"]
        kind = head.strip("[]")
        emptied = [
            _empty(row, rest, agency_id)
            for row in rows
            if not (kind and row["kind"] != kind)
            and not (agency_id and row.get("agency_id") == agency_id)
        ]
        return any(emptied)
    if not isinstance(part, dict) or part.get(head) is None:
        return False
    if rest:
        return _empty(part[head], rest, agency_id)
    part[head] = type(part[head])() if head in KEPT else None
    return True
