"""The diagram in the decision is that of the table."""

from dispatch.states import machine
from tests.architecture.house import BASE


def test_the_diagram_is_the_table():
    text = (BASE / "docs/adr/0012-two-machines.md").read_text(encoding="utf-8")
    assert text.partition("```mermaid\n")[2].partition("\n```")[0] == machine.mermaid()
