#!/usr/bin/env python3
"""Checks a case's proof file offline, with Python's standard library and nothing else.

    python3 proof_check.py PROOF.json [CHECKPOINT_HASH]

It prints what does not hold, one line each, and ends with status 1; with status 0 everything in
the file is what the office's record committed to. A checkpoint hash that was written down
elsewhere ties the file to that day: without it the file proves only that it agrees with itself.

The rules, for whoever wants to write their own checker:

1. ``events``: sha256 of each ``text`` is its ``hash``; ``text`` is JSON holding ``seq`` 1, 2, 3 …
   and ``prev_hash``, the hash before it (64 zeros for the first).
2. ``rows``: sha256 of ``salt`` (bytes, given in hexadecimal) followed by ``text`` is ``sha256``.
   A row erased by law has neither salt nor text and is named by a row ``row_tombstones:…``. A row
   from which somebody was taken by law has the hash that the newest event ``person_erased`` gives
   in ``detail.rehashed.rows``; ``sha256`` stays what rule 3 needs.
3. An event's ``detail.sealed`` is the sha256 over the lines ``relation:key sha256`` of the rows
   with that ``seq``, sorted, joined with line feeds. Every row belongs to an event.
4. ``contents``: sha256 of ``text`` is ``sha256``; parsed, it equals the named field of its row.
   An approval's row gives both hashes: of the version approved and of what was approved.
5. ``documents``: sha256 of the bytes (base64) is ``sha256`` and stands in the version's row.
6. ``checkpoint``: the leaf is sha256 of ``case_id:seq:hash``, of an event above; going up the
   path with sha256 of ``left`` + ``right`` (hexadecimal) gives ``root``; each checkpoint's
   ``text`` has the hash beside it and names the hash before it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORMAT = "cmis-proof/1"
START = "0" * 64
Finding = tuple[str, str]


def findings(proof: dict[str, Any], checkpoint_hash: str | None = None) -> list[Finding]:
    """``(kind, subject)`` of everything that does not hold; empty when all of it does."""
    try:
        if proof["format"] != FORMAT:
            return [("format", str(proof["format"]))]
        return [
            *_events(proof),
            *_rows(proof),
            *_roots(proof),
            *_contents(proof),
            *_documents(proof),
            *_checkpoint(proof, checkpoint_hash),
        ]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        return [("format", f"{type(error).__name__}: {error}")]


def _events(proof: dict[str, Any]) -> Iterator[Finding]:
    before = START
    if not proof["events"]:
        yield "event", "1"
    for expected, event in enumerate(proof["events"], 1):
        said = json.loads(event["text"])
        fits = said["seq"] == expected and said["prev_hash"] == before
        own = said["case_id"] == proof["case"]["id"]
        if not (fits and own and sha256(event["text"]) == event["hash"]):
            yield "event", str(expected)
        before = event["hash"]


def _rows(proof: dict[str, Any]) -> Iterator[Finding]:
    erased = {_buried(row) for row in proof["rows"] if row["relation"] == "row_tombstones"}
    anew = _rewritten(proof)
    for row in proof["rows"]:
        name = _name(row)
        if row["text"] is None and row["salt"] is None and name in erased:
            continue
        sealed = bytes.fromhex(row["salt"]) + row["text"].encode() if row["salt"] else b""
        if not row["salt"] or hashlib.sha256(sealed).hexdigest() != anew.get(name, row["sha256"]):
            yield "row", name


def _rewritten(proof: dict[str, Any]) -> dict[str, str]:
    anew: dict[str, str] = {}
    for event in proof["events"]:
        said = json.loads(event["text"])
        if said["action"] == "person_erased":
            anew |= said["detail"].get("rehashed", {}).get("rows", {})
    return anew


def _roots(proof: dict[str, Any]) -> Iterator[Finding]:
    by_event: dict[int, list[str]] = {}
    for row in proof["rows"]:
        by_event.setdefault(row["seq"], []).append(f"{_name(row)} {row['sha256']}")
    said = {}
    for event in proof["events"]:
        content = json.loads(event["text"])
        said[content["seq"]] = content["detail"].get("sealed")
    legacy = bool(proof["events"]) and said.get(1) is None
    for seq in sorted({*by_event, *(n for n, root in said.items() if root)}):
        lines = sorted(by_event.get(seq, ()))
        if not (seq == 0 and legacy) and said.get(seq) != sha256("\n".join(lines)):
            yield "sealed", str(seq)


def _contents(proof: dict[str, Any]) -> Iterator[Finding]:
    rows = {_name(row): json.loads(row["text"]) for row in proof["rows"] if row["text"]}
    given = {(c["row"], c["field"]): c for c in proof["contents"]}
    for name, row in rows.items():
        relation = name.partition(":")[0]
        for field, hash_field in CONTENTS.get(relation, ()):
            content = given.get((name, field))
            if content is None or not _same(content, row[field], row[hash_field]):
                yield "content", f"{name} {field}"
        if relation == "approvals" and not _bound(row, rows):
            yield "approval", name


CONTENTS = {
    "plan_versions": (("content", "content_hash"),),
    "approvals": (("approved_content", "approved_hash"),),
}


def _same(content: dict[str, Any], field: Any, digest: str) -> bool:
    text = content["text"]
    same: bool = json.loads(text) == field
    return same and sha256(text) == digest == content["sha256"]


def _bound(approval: dict[str, Any], rows: dict[str, Any]) -> bool:
    """An approval is of exactly the version in this file."""
    version = rows.get(f"plan_versions:{approval['version_id']}")
    return (
        version is not None
        and version["content_hash"] == approval["content_hash"]
        and version["content"] == approval["approved_content"]["content"]
    )


def _documents(proof: dict[str, Any]) -> Iterator[Finding]:
    rows = {_name(row): json.loads(row["text"]) for row in proof["rows"] if row["text"]}
    versions = {name for name in rows if name.startswith("document_versions:")}
    given = {d["row"]: d for d in proof["documents"]}
    for name in sorted(versions | given.keys()):
        document = given.get(name)
        known = rows.get(name, {}).get("sha256")
        if document is None or document["sha256"] != known:
            yield "document", name
        elif document["bytes"] is not None:
            content = base64.b64decode(document["bytes"], validate=True)
            if hashlib.sha256(content).hexdigest() != known:
                yield "document", name


def _checkpoint(proof: dict[str, Any], wanted: str | None) -> Iterator[Finding]:
    checkpoint = proof["checkpoint"]
    if checkpoint is None:
        if wanted:
            yield "checkpoint", wanted
        return
    leaf, chain = checkpoint["leaf"], checkpoint["chain"]
    if {"seq": leaf["seq"], "hash": leaf["hash"]} not in [
        {"seq": n, "hash": event["hash"]} for n, event in enumerate(proof["events"], 1)
    ] or leaf["case_id"] != proof["case"]["id"]:
        yield "leaf", str(leaf["seq"])
    reached = leaf_hash(leaf["case_id"], leaf["seq"], leaf["hash"])
    for side, other in checkpoint["path"]:
        reached = sha256(other + reached if side == "left" else reached + other)
    if reached != json.loads(chain[0]["text"])["root"]:
        yield "checkpoint", "root"
    for before, link in zip([None, *chain], chain, strict=False):
        said = json.loads(link["text"])
        follows = before is None or said["prev_hash"] == before["hash"]
        if not follows or sha256(link["text"]) != link["hash"]:
            yield "checkpoint", str(said["number"])
    if wanted and wanted not in [link["hash"] for link in chain]:
        yield "checkpoint", wanted


def leaf_hash(case_id: str, seq: int, head: str) -> str:
    """A case's leaf in a checkpoint."""
    return sha256(f"{case_id}:{seq}:{head}")


def merkle_root(leaves: list[str]) -> str:
    """The hash over leaves, pairwise; a last one without partner goes up as it is."""
    level = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else START


def merkle_path(leaves: list[str], at: int) -> list[tuple[str, str]]:
    """What must be hashed together with leaf ``at`` on its way up: side and hash."""
    path, level = [], leaves
    while len(level) > 1:
        other = at ^ 1
        if other < len(level):
            path.append(("left" if other < at else "right", level[other]))
        level, at = _above(level), at // 2
    return path


def sha256(text: str) -> str:
    """sha256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _above(level: list[str]) -> list[str]:
    pairs = zip(level[::2], level[1::2], strict=False)
    return [sha256(a + b) for a, b in pairs] + (level[-1:] if len(level) % 2 else [])


def _name(row: dict[str, Any]) -> str:
    return f"{row['relation']}:{row['key']}"


def _buried(row: dict[str, Any]) -> str:
    said = json.loads(row["text"])
    return f"{said['relation']}:{said['row_key']}"


def main(arguments: list[str]) -> int:
    """The program: 0 when everything holds, 1 when something does not, 2 when it cannot tell."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("usage: proof_check.py PROOF.json [CHECKPOINT_HASH]\n")
        return 2
    try:
        proof = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot read {arguments[0]}: {error}\n")
        return 2
    found = findings(proof, *arguments[1:])
    for kind, subject in found:
        sys.stdout.write(f"DOES NOT HOLD  {kind}  {subject}\n")
    if not found:
        case, events = proof["case"]["number"], len(proof["events"])
        sys.stdout.write(f"holds: case {case}, {events} events, {len(proof['rows'])} rows\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
