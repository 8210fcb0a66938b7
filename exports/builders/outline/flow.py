"""Takes long texts out of tables: they stand below their labels, as wide as the page, and flow from page to page.

In a cell, a text of several pages leaves most of each page empty, and Word processors lay it out again for each page.
"""

from dataclasses import replace
from itertools import groupby

from exports.builders.outline.blocks import (
    FACT_SHARE,
    NOTHING,
    Block,
    Fact,
    Facts,
    Fields,
    Paragraph,
    Section,
    Table,
    is_long,
)


def flowing(sections: list[Section]) -> list[Section]:
    """The same sections, with each text that is too long for a cell below its label."""
    return [
        replace(one, blocks=[part for block in one.blocks for part in _parts(block)], sections=flowing(one.sections))
        for one in sections
    ]


def _parts(block: Block) -> list[Block]:
    if isinstance(block, Facts):
        return _parts_of_facts(block.rows)
    return _parts_of_table(block) if isinstance(block, Table) else [block]


def _parts_of_facts(rows: list[Fact]) -> list[Block]:
    return [
        Fields(list(found)) if are_long else Facts(list(found))
        for are_long, found in groupby(rows, key=lambda row: is_long(row[1], FACT_SHARE))
    ]


def _parts_of_table(block: Table) -> list[Block]:
    """Tables of the rows that fit, and between them the others, text by text below the names of their columns."""
    made: list[Block] = []
    for are_long, rows in groupby(block.rows, key=lambda row: any(map(is_long, row, block.widths))):
        if are_long:
            made += [Paragraph(block.caption, "strong")] if block.caption and not made else []
            made += [part for row in rows for part in _parts_of_row(block, row)]
        else:
            made.append(replace(block, rows=list(rows), caption="" if made else block.caption))
    return made


def _parts_of_row(block: Table, row: list[str]) -> list[Block]:
    told = [(name, text) for name, text in zip(block.head, row, strict=True) if text not in {"", NOTHING}]
    return _parts_of_facts(told)
