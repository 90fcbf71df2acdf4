"""From a test to the file of its cassette."""

from __future__ import annotations

import pytest

from pytest_claude_code.naming import LONGEST, cassette_names, encoded

SOURCE = """
    import pytest

    @pytest.fixture(params=["asyncio", "trio"])
    def anyio_backend(request):
        return request.param

    def test_plain(): pass

    @pytest.mark.parametrize("who", ["ada", "b/c", "50%", "a b"])
    def test_greet(who): pass

    def test_on_loops(anyio_backend): pass

    @pytest.mark.parametrize("who", ["asyncio", "trio"])
    def test_both(anyio_backend, who): pass

    @pytest.mark.parametrize("claude_engine", ["in-process", "subprocess"], indirect=True)
    @pytest.mark.parametrize("who", ["ada"])
    def test_engines(claude_engine, who): pass

    class TestAda:
        def test_hello(self): pass

        class TestInner:
            def test_hello(self): pass
"""


@pytest.fixture
def own(pytester: pytest.Pytester) -> dict[str, str]:
    """The path of each test's own cassette, by the end of its id."""
    pytester.makepyfile(test_it=SOURCE)
    items, _ = pytester.inline_genitems("-p", "no:hypothesispytest")
    return {
        item.nodeid.partition("::")[2]: cassette_names(item).own.relative_to(pytester.path).as_posix() for item in items
    }


def test_the_module_the_class_and_the_test_make_the_path(own: dict[str, str]) -> None:
    assert own["test_plain"] == "cassettes/test_it/test_plain.jsonl"
    assert own["TestAda::test_hello"] == "cassettes/test_it/TestAda/test_hello.jsonl"
    assert own["TestAda::TestInner::test_hello"] == "cassettes/test_it/TestAda.TestInner/test_hello.jsonl"


def test_parameters_are_part_of_it_percent_encoded(own: dict[str, str]) -> None:
    names = [path.rpartition("/")[2] for test, path in own.items() if test.startswith("test_greet")]
    assert names == [
        "test_greet[ada].jsonl",
        "test_greet[b%2Fc].jsonl",
        "test_greet[50%25].jsonl",
        "test_greet[a%20b].jsonl",
    ]


def test_the_event_loop_and_the_engine_are_not(own: dict[str, str]) -> None:
    def names(test: str) -> set[str]:
        return {path.rpartition("/")[2] for key, path in own.items() if key.startswith(test)}

    assert names("test_on_loops") == {"test_on_loops.jsonl"}
    assert names("test_both") == {"test_both[asyncio].jsonl", "test_both[trio].jsonl"}
    assert names("test_engines") == {"test_engines[ada].jsonl"}


def test_long_names_are_cut_and_told_apart_by_a_hash() -> None:
    one, other = encoded("test_greet[" + "x" * 300 + "]"), encoded("test_greet[" + "x" * 301 + "]")
    assert len(one) <= LONGEST
    assert one.startswith("test_greet[xxx")
    assert one != other
    assert encoded("é" * 300).isascii()


def test_different_names_stay_different() -> None:
    names = ["a/b", "a%2Fb", "a b", "a-b", "a.b", "a\\b", "a:b", "ä", "a"]
    assert len({encoded(name) for name in names}) == len(names)
