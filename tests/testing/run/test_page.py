"""The page about assertions shows what the program beside it prints."""

from __future__ import annotations

from typing import Any

import pytest

from tests.docs.blocks import BLOCKS
from tests.test_docs import run

PAGE = "docs/howto/assert-what-happened.md"


def test_each_text_on_the_page_is_what_the_block_before_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, Any] = {"__name__": PAGE}
    printed, checked = "", 0
    for block in BLOCKS:
        if block.page == PAGE and block.language == "python":
            run(block, namespace)
            printed = capsys.readouterr().out
        elif block.page == PAGE and block.language == "text":
            assert printed == block.text
            checked += 1
    assert checked == 1
