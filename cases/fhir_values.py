"""The value sets of an exported bundle: the library takes any code, so they are checked here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cases.casebook import casebook
from knowledge_base.codebook import Codebook


def coding(system: str, code: str, display: str | None = None) -> dict[str, str]:
    """A coding by our short name of its system."""
    found = {"system": casebook("fhir")["systems"][system], "code": code}
    return found | ({"display": display} if display else {})


def strangers(bundle: Mapping[str, Any], book: Codebook) -> list[str]:
    """``path: value`` of every code that is of no value set; empty when all are known."""
    known = _known(book)
    return [*_codings(bundle, "Bundle", known), *_bound(bundle)]


def _known(book: Codebook) -> dict[str, set[str]]:
    data = casebook("fhir")
    form = re.compile(data["icd10_form"])
    icd = {i.code for c in book.codes.values() for i in c.icd10_who if form.match(i.code)}
    own = {data["systems"]["icd10"]: icd, data["systems"]["cmis"]: set(book.codes)}
    return own | {system: set(codes) for system, codes in data["value_sets"].items()}


def _codings(part: Any, path: str, known: Mapping[str, set[str]]) -> Iterator[str]:
    if isinstance(part, Mapping):
        system, code = part.get("system"), part.get("code")
        if system and isinstance(code, str) and code not in known.get(system, ()):
            yield f"{path}: {system}|{code}"
        for key, value in part.items():
            yield from _codings(value, f"{path}.{key}", known)
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _codings(value, f"{path}[{number}]", known)


def _bound(bundle: Mapping[str, Any]) -> Iterator[str]:
    fields = casebook("fhir")["fields"]
    resources_in = [bundle, *(e["resource"] for e in bundle.get("entry", ()))]
    for resource in resources_in:
        kind = resource["resourceType"]
        for name, allowed in fields.items():
            of, _, field = name.partition(".")
            if of == kind and field in resource and resource[field] not in allowed:
                yield f"{name}: {resource[field]}"
        for activity in resource.get("activity", ()):
            status = activity["detail"]["status"]
            if status not in fields["CarePlanActivityDetail.status"]:
                yield f"CarePlan.activity.detail.status: {status}"
