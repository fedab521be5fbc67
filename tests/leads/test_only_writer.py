"""Nothing but the gate writes stages, dispositions and lifecycle instants."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.conf import settings

GUARDED = {
    "stage", "disposition", "stage_at", "closed_at", "lead_at", "mql_at", "sal_at", "sql_at",
    "opportunity_at", "customer_at", "first_mql_at",
}  # fmt: skip
GATE = {
    Path("leads/services") / name
    for name in (
        "moves.py",
        "applying.py",
        "storing.py",
        "history.py",
        "returning.py",
        "undoing.py",
        "reopening.py",
        "unwriting.py",
    )
}
ROOMS = ("smarketing", "jobs", "shell", "accounts", "leads", "sla", "reporting")
# Rows of other kinds have columns of these names: a deal closes, a period does, an action does, and
# an answer or a messaging rule is about a stage.
OWN_COLUMNS = {
    ("leads/services/mailing.py", "stage"),
    ("sla/services/writing.py", "stage"),
    ("sla/services/closing.py", "closed_at"),
    ("sla/services/corrective_actions.py", "closed_at"),
    ("leads/services/erasing_steps.py", "closed_at"),
    ("leads/services/deals/settling.py", "closed_at"),
    ("leads/services/deals/closing.py", "closed_at"),
}


def written_names(tree: ast.AST) -> list[str]:
    """Names written by assignment, update(), bulk_update(), create() or a row's constructor."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                names = [t for t in ast.walk(target) if isinstance(t, ast.Attribute)]
                found += [t.attr for t in names if isinstance(t.ctx, ast.Store)]
        if isinstance(node, ast.Call):
            found += names_in_call(node)
    return found


def names_in_call(call: ast.Call) -> list[str]:
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
    keywords = [k.arg for k in call.keywords if k.arg]
    if name in {"update", "create", "get_or_create", "update_or_create"} | {"Lead", "Contact"}:
        return keywords
    if name in {"bulk_update", "save", "bulk_create"}:
        texts = [n for n in ast.walk(call) if isinstance(n, ast.Constant)]
        return [n.value for n in texts if isinstance(n.value, str)]
    if name == "setattr" and len(call.args) == 3 and isinstance(call.args[1], ast.Constant):
        return [str(call.args[1].value)]
    return []


def code_files() -> list[Path]:
    root = Path(settings.BASE_DIR)
    files = [path.relative_to(root) for room in ROOMS for path in (root / room).rglob("*.py")]
    return [path for path in files if "migrations" not in path.parts]


def test_only_the_gate_writes_where_a_lead_stands():
    offenders = [
        (str(path), name)
        for path in code_files()
        if path not in GATE
        for name in written_names(ast.parse(path.read_text()))
        if name in GUARDED and (str(path), name) not in OWN_COLUMNS
    ]
    assert offenders == []


WRITES = re.compile(r"(update|insert into)\s+leads_(lead|stagetransition)\b")
HISTORY = re.compile(r"(update|insert into|delete from)\s+leads_stagetransition\b")


def texts(tree: ast.AST) -> list[str]:
    """Every text of a file in small letters, the parts of one with values in it put together."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [v.value for v in node.values if isinstance(v, ast.Constant)]
            found.append(" ".join(map(str, parts)).lower())
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value.lower())
    return found


def writes_by_hand(text: str) -> bool:
    """Tell whether a text is SQL that writes history, or a guarded column of leads."""
    found = WRITES.search(text)
    columns = set(re.findall(r"(?:\bset|[(,])\s*(\w+)\s*(?:=|(?=,|\)))", text)) if found else set()
    return bool(HISTORY.search(text) or columns & GUARDED)


def test_only_the_gate_writes_guarded_columns_by_hand():
    offenders = [
        (str(path), text)
        for path in code_files()
        if path not in GATE
        for text in texts(ast.parse(path.read_text()))
        if writes_by_hand(text)
    ]
    assert offenders == []


def test_the_scan_of_texts_knows_what_it_reads():
    assert writes_by_hand("update leads_lead set disposition = 'open'")
    assert writes_by_hand("update leads_lead set score = 1, stage = 'MQL'")
    assert writes_by_hand("insert into leads_lead (score, stage) values (1, 'MQL')")
    assert writes_by_hand("insert into leads_stagetransition (note) values ('')")
    assert not writes_by_hand("update leads_lead set score = 1 where stage = 'MQL'")
    assert not writes_by_hand("select stage from leads_stagetransition")


def test_the_scan_sees_every_way_to_write():
    code = """
lead.stage = "MQL"
lead.stage, other = "MQL", 1
Lead.objects.filter(pk=1).update(disposition="OPEN")
Lead.objects.bulk_update(rows, ["mql_at"])
lead.save(update_fields=["closed_at"])
Lead(stage_at=None)
setattr(lead, "sal_at", None)
"""
    assert written_names(ast.parse(code)) == [
        "stage", "stage", "disposition", "mql_at", "closed_at", "stage_at", "sal_at",
    ]  # fmt: skip
